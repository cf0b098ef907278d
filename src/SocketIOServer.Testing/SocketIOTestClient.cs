namespace SocketIOServer.Testing;

/// <summary>
/// A client in memory that is in one namespace, over a connection of its own. What it sends is handled on the caller's thread up to where the
/// server waits for something, so effects of handlers that do not wait are there when a call completes. Any thread.
/// </summary>
public sealed class SocketIOTestClient : IAsyncDisposable
{
    private readonly ClientSide _side;
    private readonly TestTimeout _timeout;

    internal SocketIOTestClient(ClientSide side, string id, TestTimeout timeout)
    {
        _side = side;
        _timeout = timeout;
        Id = id;
    }

    /// <summary>The id, which is also that of the server's <see cref="ISocket"/> and of its own room.</summary>
    public string Id { get; }

    /// <summary>The namespace it joined.</summary>
    public string Namespace => _side.Namespace;

    /// <summary>Neither side has ended it.</summary>
    public bool IsConnected => _side.IsConnected;

    /// <summary>All events that came, in order, taken or not. A copy.</summary>
    public IReadOnlyList<SocketIOTestEvent> Received => _side.Inbox.Received;

    /// <summary>Whether it answers the server's pings; default true. False makes a client that has frozen: it is dropped when the clock has moved far enough.</summary>
    public bool AnswersPings
    {
        get => _side.Connection.AnswersPings;
        set => _side.Connection.AnswersPings = value;
    }

    /// <summary>Sends an event. Completes when the server has taken it; a handler that waits for something may still be running, see <see cref="CallAsync"/>.</summary>
    /// <param name="name">Any name that is not the protocol's own.</param>
    /// <param name="args">Its arguments, byte[] and ReadOnlyMemory&lt;byte&gt; as binary. null or an array of anything but object is one argument.</param>
    /// <exception cref="SocketDisconnectedException">The client is not connected.</exception>
    /// <exception cref="TimeoutException">The server did not take it within <see cref="SocketIOTestHost.Timeout"/>.</exception>
    public Task EmitAsync(string name, params object?[]? args) =>
        _timeout.WaitAsync(_side.EmitAsync(name, ClientSide.Several(args)), $"The server did not take \"{name}\": as many events as may wait are waiting");

    /// <summary>Sends an event and waits for the server's ack, which comes when the handler has ended.</summary>
    /// <inheritdoc cref="EmitAsync"/>
    public Task<SocketIOTestArguments> CallAsync(string name, params object?[]? args) =>
        _timeout.WaitAsync(_side.CallAsync(name, ClientSide.Several(args)), $"The server did not answer \"{name}\"");

    /// <summary>Sends an event and waits for the server's ack.</summary>
    /// <typeparam name="T">What its first argument becomes; <see cref="CallAsync"/> gives all of them.</typeparam>
    /// <inheritdoc cref="EmitAsync"/>
    public async Task<T> CallAsync<T>(string name, params object?[]? args) => (await CallAsync(name, args)).Get<T>();

    /// <summary>Takes the next event of that name, which is the first one that was not taken: one that has come, or else waits for it.</summary>
    /// <exception cref="SocketDisconnectedException">The client has left, and no such event came before.</exception>
    /// <exception cref="TimeoutException">None came within <see cref="SocketIOTestHost.Timeout"/>; the message tells what did.</exception>
    public Task<SocketIOTestEvent> NextAsync(string name) =>
        _timeout.WaitAsync(timeout => _side.Inbox.TakeAsync(name, timeout), () => $"No \"{name}\" came ({Untaken()})");

    /// <inheritdoc cref="NextAsync(string)"/>
    /// <typeparam name="T">What its first argument becomes.</typeparam>
    public async Task<T> NextAsync<T>(string name) => (await NextAsync(name)).Arguments.Get<T>();

    /// <summary>
    /// Answers the server's calls from now on; the event can be taken all the same. Without this, and without
    /// <see cref="SocketIOTestEvent.AckAsync"/>, a client does not answer. What the function throws is found in <see cref="SocketIOTestHost.Errors"/>.
    /// </summary>
    /// <param name="name">The event.</param>
    /// <param name="answer">Gives the ack's one argument. Must not block: the server may be waiting for it on this thread.</param>
    public void On(string name, Func<SocketIOTestEvent, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _side.On(name, answer);
    }

    /// <inheritdoc cref="On"/>
    /// <typeparam name="T">What the event's first argument becomes.</typeparam>
    public void On<T>(string name, Func<T, object?> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _side.On(name, received => answer(received.Arguments.Get<T>()));
    }

    /// <summary>Waits until the client has left and tells why, in the words that the server's OnDisconnected is given.</summary>
    /// <exception cref="TimeoutException">It is still there after <see cref="SocketIOTestHost.Timeout"/>.</exception>
    public Task<LeaveReason> DisconnectedAsync() => _timeout.WaitAsync(_side.Left, "The client was not disconnected");

    /// <summary>Leaves the namespace and ends the connection, as a real client does; the server hears "client namespace disconnect". Idempotent.</summary>
    public Task DisconnectAsync() =>
        _side.IsConnected ? _timeout.WaitAsync(_side.LeaveAsync(), "The server did not take the end of the connection") : Task.CompletedTask;

    /// <summary>Loses the connection without a word; the server hears "transport close". Idempotent.</summary>
    public void Drop() => _side.Drop();

    /// <summary>Disconnects; waits for nothing.</summary>
    public ValueTask DisposeAsync()
    {
        if (_side.IsConnected) _ = _side.LeaveAsync();
        // Where the server is too busy to be told.
        _side.Drop();
        return default;
    }

    private string Untaken()
    {
        var names = _side.Inbox.Untaken.Select(received => received.ToString()).ToArray();
        return names.Length == 0 ? "nothing else did either" : $"what did, and was not taken: {string.Join(' ', names)}";
    }
}
