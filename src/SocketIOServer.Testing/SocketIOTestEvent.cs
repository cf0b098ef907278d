namespace SocketIOServer.Testing;

/// <summary>An event that a client received.</summary>
public sealed class SocketIOTestEvent
{
    private readonly ClientSide _client;
    private readonly long _id;
    private int _isAcked;

    internal SocketIOTestEvent(ClientSide client, string name, long id, SocketIOTestArguments arguments)
    {
        _client = client;
        _id = id;
        Name = name;
        Arguments = arguments;
    }

    /// <summary>The name of the event.</summary>
    public string Name { get; }

    /// <summary>The arguments of the event, without the name.</summary>
    public SocketIOTestArguments Arguments { get; }

    /// <summary>Whether the server waits for an ack.</summary>
    public bool WantsAck => _id >= 0;

    /// <summary>Sends the ack. Only the first call has an effect, as with a real client.</summary>
    /// <param name="args">The arguments of the ack, as in <see cref="SocketIOTestClient.EmitAsync"/>.</param>
    /// <exception cref="InvalidOperationException">The server does not wait for an ack.</exception>
    public Task AckAsync(params object?[]? args)
    {
        if (!WantsAck) throw new InvalidOperationException($"The server did not ask for an ack of {Arguments}.");
        return Interlocked.Exchange(ref _isAcked, 1) == 0 ? _client.AckAsync(_id, ClientSide.Several(args)) : Task.CompletedTask;
    }

    /// <summary>The JSON of the packet.</summary>
    public override string ToString() => Arguments.ToString();
}
