namespace SocketIOServer;

/// <summary>
/// Functions of the application that the Engine.IO layer calls when a connection is refused, opened, upgraded or closed, and before it answers a request. All
/// sockets of a client, in whatever namespace, share one Engine.IO connection. Set the functions in <see cref="EngineOptions.Events"/> before the endpoint is mapped.
/// </summary>
/// <remarks>
/// The functions may run at the same time for different connections. If one throws, or its task fails, that is logged at Error and changes nothing for the connection.
/// Do not block in them: they occupy the thread that calls them.
/// </remarks>
/// <example>
/// <code>
/// builder.Services.AddSocketIO(options =>
/// {
///     options.Events.OnConnectionError = error =>
///     {
///         Console.WriteLine($"{error.Reason}: {error.Details}");
///         return Task.CompletedTask;
///     };
/// });
/// </code>
/// </example>
public sealed class EngineEvents
{
    /// <summary>
    /// Called when a request is refused, before the answer is written: an unknown session or transport, a forbidden origin, a full or stopping server, an
    /// exception. The server does not wait for the task. Node's <c>connection_error</c>.
    /// </summary>
    public Func<EngineErrorContext, Task>? OnConnectionError { get; set; }

    /// <summary>
    /// Called before the answer to the first request of a connection is written; the place to add a header or a cookie. The server waits for the task. Node's
    /// <c>initial_headers</c>.
    /// </summary>
    public Func<EngineHeadersContext, Task>? OnInitialHeaders { get; set; }

    /// <summary>
    /// Called before the answer to each request of a connection is written, including its first request and its WebSocket request. The server waits for the
    /// task. Node's <c>headers</c>.
    /// </summary>
    public Func<EngineHeadersContext, Task>? OnHeaders { get; set; }

    /// <summary>Called when a connection opens, before its first packet is sent. The server does not wait for the task. Node's <c>connection</c>.</summary>
    public Func<EngineOpenedContext, Task>? OnOpened { get; set; }

    /// <summary>
    /// Called when a connection has moved from polling to WebSocket. The server does not wait for the task. If the connection closes at the same moment,
    /// <see cref="OnClosed"/> may run before it. Node's <c>upgrade</c>.
    /// </summary>
    public Func<EngineUpgradedContext, Task>? OnUpgraded { get; set; }

    /// <summary>
    /// Called once on the thread pool when a connection has closed, with the reason, for each connection that <see cref="OnOpened"/> was called for. A stop of the
    /// server waits for the task. Node's <c>close</c>.
    /// </summary>
    public Func<EngineClosedContext, Task>? OnClosed { get; set; }
}
