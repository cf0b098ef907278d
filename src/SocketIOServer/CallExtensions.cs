namespace SocketIOServer;

/// <summary>
/// Events that are answered. <c>CallAsync</c> sends an event with one argument or none and waits for the client's ack.
/// </summary>
/// <remarks>
/// What stands behind the name is the argument, null too: <c>CallAsync&lt;int&gt;("e", null)</c> sends null. A timeout without an argument is named,
/// as in <c>CallAsync&lt;int&gt;("e", timeout: TimeSpan.FromSeconds(5))</c>, and so is an argument that is a <see cref="TimeSpan"/>; the compiler says so
/// (SIO015).
/// </remarks>
public static class CallExtensions
{
    /// <summary>Sends an event without arguments to one client and waits for its answer. A handler may await it: acks do not wait behind handlers.</summary>
    /// <typeparam name="T">The type of the answer, which is the first argument of the ack. Further arguments are ignored.</typeparam>
    /// <param name="socket">The client.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="TimeoutException">The client did not answer within <see cref="SocketServerOptions.AckTimeout"/>.</exception>
    /// <exception cref="SocketDisconnectedException">The socket has left, before or after the call.</exception>
    /// <exception cref="System.Text.Json.JsonException">
    /// The answer is not a <typeparamref name="T"/>. If a constructor or converter of the type threw another exception, it is the inner exception.
    /// </exception>
    /// <example><code>var isSure = await socket.CallAsync&lt;bool&gt;("are you sure?");</code></example>
    public static Task<T> CallAsync<T>(this IRemoteSocket socket, string name, CancellationToken cancel = default) => Given(socket).CallArgsAsync<T>(name, [], null, cancel);

    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, CancellationToken)"/>
    /// <param name="socket">The client.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="TimeoutException">The client did not answer in time.</exception>
    public static Task<T> CallAsync<T>(this IRemoteSocket socket, string name, TimeSpan timeout, CancellationToken cancel = default) =>
        Given(socket).CallArgsAsync<T>(name, [], timeout, cancel);

    /// <summary>Sends an event with one argument to one client and waits for its answer.</summary>
    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, CancellationToken)"/>
    /// <param name="socket">The client.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="arg">Its argument; null is sent as null, and an array is one argument.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <example><code>var answer = await socket.CallAsync&lt;string&gt;("question", new { text = "Who is there?" });</code></example>
    public static Task<T> CallAsync<T>(this IRemoteSocket socket, string name, object? arg, CancellationToken cancel = default) =>
        Given(socket).CallArgsAsync<T>(name, [arg], null, cancel);

    /// <summary>Sends an event with one argument to one client and waits for its answer.</summary>
    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, TimeSpan, CancellationToken)"/>
    /// <param name="socket">The client.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="arg">Its argument; null is sent as null, and an array is one argument.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static Task<T> CallAsync<T>(this IRemoteSocket socket, string name, object? arg, TimeSpan timeout, CancellationToken cancel = default) =>
        Given(socket).CallArgsAsync<T>(name, [arg], timeout, cancel);

    /// <summary>Sends an event without arguments to one client and waits until it has acked it. What the ack says is ignored.</summary>
    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, CancellationToken)"/>
    public static Task CallAsync(this IRemoteSocket socket, string name, CancellationToken cancel = default) => Given(socket).CallArgsAsync<object?>(name, [], null, cancel);

    /// <summary>Sends an event without arguments to one client and waits until it has acked it. What the ack says is ignored.</summary>
    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, TimeSpan, CancellationToken)"/>
    public static Task CallAsync(this IRemoteSocket socket, string name, TimeSpan timeout, CancellationToken cancel = default) =>
        Given(socket).CallArgsAsync<object?>(name, [], timeout, cancel);

    /// <summary>Sends an event with one argument to one client and waits until it has acked it. What the ack says is ignored.</summary>
    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, object, CancellationToken)"/>
    public static Task CallAsync(this IRemoteSocket socket, string name, object? arg, CancellationToken cancel = default) =>
        Given(socket).CallArgsAsync<object?>(name, [arg], null, cancel);

    /// <summary>Sends an event with one argument to one client and waits until it has acked it. What the ack says is ignored.</summary>
    /// <inheritdoc cref="CallAsync{T}(IRemoteSocket, string, object, TimeSpan, CancellationToken)"/>
    public static Task CallAsync(this IRemoteSocket socket, string name, object? arg, TimeSpan timeout, CancellationToken cancel = default) =>
        Given(socket).CallArgsAsync<object?>(name, [arg], timeout, cancel);

    /// <summary>
    /// Sends an event without arguments to every socket of the set and waits until each has answered or left, or until
    /// <see cref="SocketServerOptions.AckTimeout"/> is over. A socket that does not answer is not an error: the reply lists it.
    /// </summary>
    /// <typeparam name="T">The type of the answers. A socket that answers with anything else is listed as missing.</typeparam>
    /// <param name="set">The sockets.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answers by socket id, and the sockets that did not answer.</returns>
    /// <example>
    /// <code>
    /// var reply = await server.To("jury").CallAsync&lt;int&gt;("vote", question, timeout: TimeSpan.FromSeconds(30));
    /// var sum = reply.Replies.Values.Sum();
    /// </code>
    /// </example>
    public static Task<BroadcastReply<T>> CallAsync<T>(this IBroadcast set, string name, CancellationToken cancel = default) =>
        Given(set).CallArgsAsync<T>(name, [], null, cancel);

    /// <summary>
    /// Sends an event without arguments to every socket of the set and waits until each has answered or left, or until the timeout. A socket that
    /// does not answer is not an error: the reply lists it.
    /// </summary>
    /// <inheritdoc cref="CallAsync{T}(IBroadcast, string, CancellationToken)"/>
    /// <param name="set">The sockets.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static Task<BroadcastReply<T>> CallAsync<T>(this IBroadcast set, string name, TimeSpan timeout, CancellationToken cancel = default) =>
        Given(set).CallArgsAsync<T>(name, [], timeout, cancel);

    /// <summary>
    /// Sends an event with one argument to every socket of the set and waits until each has answered or left, or until
    /// <see cref="SocketServerOptions.AckTimeout"/> is over. A socket that does not answer is not an error: the reply lists it.
    /// </summary>
    /// <inheritdoc cref="CallAsync{T}(IBroadcast, string, CancellationToken)"/>
    /// <param name="set">The sockets.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="arg">Its argument; null is sent as null, and an array is one argument.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static Task<BroadcastReply<T>> CallAsync<T>(this IBroadcast set, string name, object? arg, CancellationToken cancel = default) =>
        Given(set).CallArgsAsync<T>(name, [arg], null, cancel);

    /// <summary>
    /// Sends an event with one argument to every socket of the set and waits until each has answered or left, or until the timeout. A socket that
    /// does not answer is not an error: the reply lists it.
    /// </summary>
    /// <inheritdoc cref="CallAsync{T}(IBroadcast, string, object, CancellationToken)"/>
    /// <param name="set">The sockets.</param>
    /// <param name="name">The name of the event.</param>
    /// <param name="arg">Its argument; null is sent as null, and an array is one argument.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    public static Task<BroadcastReply<T>> CallAsync<T>(this IBroadcast set, string name, object? arg, TimeSpan timeout, CancellationToken cancel = default) =>
        Given(set).CallArgsAsync<T>(name, [arg], timeout, cancel);

    private static T Given<T>(T target) => target ?? throw new ArgumentNullException(nameof(target));
}
