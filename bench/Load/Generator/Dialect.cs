using System.Text;

namespace LoadGenerator;

/// <summary>
/// A protocol as a client speaks it: how a connection opens, what an event looks like, what must come back for it.
/// Nothing else knows one protocol from another. What a dialect has no words for is null, and then it has no part in that scenario.
/// </summary>
internal abstract class Dialect
{
    /// <summary>What is asked for in the request that upgrades.</summary>
    public abstract string Path { get; }

    /// <summary>The same, where what is said goes to everybody.</summary>
    public virtual string BroadcastPath => Path;

    /// <summary>What a client does first, step by step; open is a connection that has done all.</summary>
    public abstract IReadOnlyList<Step> Opening { get; }

    /// <summary>What a client says unasked every 15 seconds, empty when it need not.</summary>
    public virtual byte[] KeepAlive => [];

    /// <summary>The same protocol by HTTP long polling.</summary>
    public virtual Dialect? Polling => null;

    public static Dialect Of(string name) => name switch
    {
        "socketio" => new SocketIODialect(Frames.Build),
        "raw" => new RawDialect(),
        "signalr" => new SignalRDialect(),
        _ => throw new ArgumentException($"There is no dialect {name}."),
    };

    public virtual Connection Connect(int index, int port, string path) => new WebSocketConnection(this, index, port, path);

    /// <summary>An event, answered by one of the same name. Arguments are JSON, parted by commas.</summary>
    public abstract Exchange? Event(string name, string arguments, string answer);

    /// <summary>An event that comes back as it is.</summary>
    public Exchange? Event(string name, string arguments) => Event(name, arguments, arguments);

    /// <summary>An event that asks for an ack, which carries <paramref name="result"/> (JSON), or nothing if that is null.</summary>
    public virtual Exchange? Ack(int id, string name, string arguments, string? result) => null;

    /// <summary>An event with bytes for its one argument, which come back under the same name.</summary>
    public virtual Exchange? Binary(string name, byte[] bytes) => null;

    /// <summary>Takes what one data frame brought: answers heartbeats, gives messages to <see cref="Connection.OnMessage"/>.</summary>
    public virtual void Receive(Connection connection, int opcode, ReadOnlySpan<byte> payload, Scenario scenario) =>
        connection.OnMessage(opcode, payload, scenario);

    protected static Message Text(string text) => new(Frames.Text, Encoding.UTF8.GetBytes(text));

    /// <summary>One step of opening: what to say, if anything, and how the answer must begin.</summary>
    public sealed record Step(byte[] Say, byte[] Hear);
}
