namespace SocketIOServer.Testing;

/// <summary>An event that came to a client.</summary>
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

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its arguments, without the name.</summary>
    public SocketIOTestArguments Arguments { get; }

    /// <summary>The server waits for an answer.</summary>
    public bool WantsAck => _id >= 0;

    /// <summary>Answers the server. Once: further answers are dropped, as a real client's are.</summary>
    /// <param name="args">As in <see cref="SocketIOTestClient.EmitAsync"/>.</param>
    /// <exception cref="InvalidOperationException">The server does not wait for an answer.</exception>
    public Task AckAsync(params object?[]? args)
    {
        if (!WantsAck) throw new InvalidOperationException($"The server asked for no answer to {Arguments}.");
        return Interlocked.Exchange(ref _isAcked, 1) == 0 ? _client.AckAsync(_id, ClientSide.Several(args)) : Task.CompletedTask;
    }

    /// <summary>The JSON of its packet.</summary>
    public override string ToString() => Arguments.ToString();
}
