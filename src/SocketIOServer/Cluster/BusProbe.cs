using System.Buffers.Binary;

namespace SocketIOServer.Cluster;

/// <summary>
/// Finds out that a connection no longer carries messages: the bus publishes a number to itself and waits for it. An open TCP connection to a frozen
/// engine, and a subscription that the engine has lost, look healthy in every other way.
/// </summary>
internal sealed class BusProbe(string channel)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _expected;

    /// <summary>Its name is different in every process and for every bus.</summary>
    public string Channel => channel;

    /// <summary>A message that is to come back.</summary>
    public BusMessage Next()
    {
        var body = new byte[sizeof(long)];
        lock (_gate)
        {
            BinaryPrimitives.WriteInt64BigEndian(body, ++_expected);
            _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new(channel, body);
    }

    /// <summary>A message came to the probe's channel.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            // An earlier one that comes late shows that the connection hears, too.
            if (message.Length == sizeof(long) && BinaryPrimitives.ReadInt64BigEndian(message) <= _expected) _back.TrySetResult();
        }
    }

    /// <summary>Completes when the last message has come back.</summary>
    public Task BackAsync()
    {
        lock (_gate) return _back.Task;
    }
}
