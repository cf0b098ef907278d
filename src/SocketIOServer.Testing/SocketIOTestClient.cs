namespace SocketIOServer.Testing;

/// <summary>
/// A client in memory that is in one namespace, on a connection of its own. What it sends is handled on the caller's thread until the handler's first incomplete
/// await. So the effects of a handler that does not wait are complete when the call completes. All members may be used from any thread.
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

    /// <summary>The id. The server's <see cref="ISocket"/> has the same.</summary>
    public string Id { get; }

    /// <summary>The namespace it joined.</summary>
    public string Namespace => _side.Namespace;

    /// <summary>Whether the client is connected: neither side has ended the connection.</summary>
    public bool IsConnected => _side.IsConnected;

    /// <summary>All events that arrived, in order, whether the test has taken them or not. A copy.</summary>
    public IReadOnlyList<SocketIOTestEvent> Received => _side.Inbox.Received;

    /// <summary>Whether the client answers the server's pings. Default true. False simulates a frozen client: the server drops it when the clock has moved far enough.</summary>
    public bool AnswersPings
    {
        get => _side.Connection.AnswersPings;
        set => _side.Connection.AnswersPings = value;
    }

    /// <summary>Sends an event. Completes when the server has taken it; a handler that waits for something may still be running, see <see cref="CallAsync"/>.</summary>
    /// <param name="name">The name of the event: any name that the protocol does not reserve.</param>
    /// <param name="args">The arguments. byte[] and ReadOnlyMemory&lt;byte&gt; are sent as binary. null is one argument, and so is an array of another type than object[].</param>
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

    /// <summary>Takes the first event of a name that was not taken yet. If none has arrived, it waits for one.</summary>
    /// <exception cref="SocketDisconnectedException">The client has left, and no such event came before.</exception>
    /// <exception cref="TimeoutException">None came within <see cref="SocketIOTestHost.Timeout"/>; the message tells what did.</exception>
    public Task<SocketIOTestEvent> NextAsync(string name) =>
        _timeout.WaitAsync(timeout => _side.TakeAsync(name, timeout), () => $"No \"{name}\" came ({Untaken()})");

    /// <inheritdoc cref="NextAsync(string)"/>
    /// <typeparam name="T">What its first argument becomes.</typeparam>
    public async Task<T> NextAsync<T>(string name) => (await NextAsync(name)).Arguments.Get<T>();

    /// <summary>
    /// Answers the server's calls of an event from now on. The test can still take the event. Without this, and without
    /// <see cref="SocketIOTestEvent.AckAsync"/>, the client does not answer. If the function throws, the exception is in <see cref="SocketIOTestHost.Errors"/>.
    /// </summary>
    /// <param name="name">The event.</param>
    /// <param name="answer">Returns the argument of the ack. It must not block, because the server may wait for it on this thread.</param>
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

    /// <summary>Waits until the client has left. Returns the reason, which is the one that the server's OnDisconnected gets.</summary>
    /// <exception cref="TimeoutException">It is still there after <see cref="SocketIOTestHost.Timeout"/>.</exception>
    public Task<LeaveReason> DisconnectedAsync() => _timeout.WaitAsync(_side.Left, "The client was not disconnected");

    /// <summary>Leaves the namespace and ends the connection, as a real client does; the server's reason is "client namespace disconnect". Idempotent.</summary>
    public Task DisconnectAsync() =>
        _side.IsConnected ? _timeout.WaitAsync(_side.LeaveAsync(), "The server did not take the end of the connection") : Task.CompletedTask;

    /// <summary>Simulates a lost connection: the client says nothing, and the server's reason is "transport close". Idempotent.</summary>
    public void Drop() => _side.Drop();

    /// <summary>Disconnects without waiting for the server.</summary>
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
