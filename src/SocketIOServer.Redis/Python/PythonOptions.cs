using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>How a server reaches servers of python-socketio and Flask-SocketIO over Redis.</summary>
public sealed class PythonOptions : ClusterBusOptions
{
    /// <summary>
    /// The servers, credentials and TLS. Default null: the configuration of the <see cref="IConnectionMultiplexer"/> among the services. The server opens
    /// two connections of its own in either case, one to publish and one to subscribe.
    /// </summary>
    public ConfigurationOptions? Configuration { get; set; }

    /// <summary>
    /// The channel that the server publishes to, and listens to. Default "socketio", that of <c>RedisManager</c> in python-socketio; Flask-SocketIO has
    /// "flask-socketio" unless the program sets <c>channel</c>.
    /// </summary>
    public string Channel { get; set; } = "socketio";

    /// <summary>Further channels that the server listens to. Default "socketio" and "flask-socketio".</summary>
    public IList<string> ListenTo { get; } = ["socketio", "flask-socketio"];

    /// <summary>How the arguments of events are written. Default <see cref="PythonDataForm.List"/>, for python-socketio 5.15.1 and later.</summary>
    public PythonDataForm DataForm { get; set; } = PythonDataForm.List;

    /// <summary>
    /// Whether to read the pickles that python-socketio before 5.14 publishes. Only plain data is read: dict, list, tuple, str, bytes, int, float, bool and
    /// None. A pickle that names a class or a function is refused and counted; nothing in a pickle is ever run. Default false: pickles are refused.
    /// </summary>
    public bool DecodePickle { get; set; }

    /// <summary>The largest message that is read. Default 10 MiB.</summary>
    public int MaxMessageBytes { get; set; } = 10 << 20;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Channel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMessageBytes);
        if (!Enum.IsDefined(DataForm)) throw new InvalidOperationException($"PythonOptions.DataForm is {DataForm}, which is no form of data.");
    }
}
