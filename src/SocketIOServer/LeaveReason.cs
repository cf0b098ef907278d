namespace SocketIOServer;

/// <summary>
/// Why a socket left its namespace. The text is the one that Node's server gives to <c>disconnect</c>.
/// </summary>
/// <remarks>
/// Two reasons are equal if their texts are. The members below are the reasons of the server itself; a program compares with them:
/// <c>if (reason == LeaveReason.PingTimeout)</c>. Later versions and extensions may have further reasons, so a program should accept texts that it does not know.
/// </remarks>
/// <example>
/// <code>
/// io.OnDisconnected((ISocket socket, LeaveReason reason) =>
/// {
///     if (reason == LeaveReason.ClientNamespaceDisconnect) logger.LogInformation("{Id} has signed off", socket.Id);
///     else logger.LogInformation("{Id} was lost: {Reason}", socket.Id, reason);
/// });
/// </code>
/// </example>
public readonly record struct LeaveReason
{
    private readonly string? _text;

    /// <summary>A reason with a text of its own.</summary>
    /// <param name="text">The text, such as "transport close".</param>
    public LeaveReason(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        _text = text;
    }

    /// <summary>"transport close": the client closed the connection, or the connection was lost.</summary>
    public static LeaveReason TransportClose { get; } = new("transport close");

    /// <summary>
    /// "transport error": the server ended the connection, because the client was too slow (<see cref="SocketServerOptions"/>.MaxQueuedBytes), sent a message larger
    /// than MaxPayload, or polled twice at once, or because a write or the server itself failed. The log says which.
    /// </summary>
    public static LeaveReason TransportError { get; } = new("transport error");

    /// <summary>"ping timeout": the client did not answer in time; its network or its computer is gone.</summary>
    public static LeaveReason PingTimeout { get; } = new("ping timeout");

    /// <summary>"parse error": the client sent a packet that is not valid, or another encoding than <see cref="SocketServerOptions.Parser"/>.</summary>
    public static LeaveReason ParseError { get; } = new("parse error");

    /// <summary>"forced close": the client broke a rule of the protocol, such as an event for a namespace that it has not joined.</summary>
    public static LeaveReason ForcedClose { get; } = new("forced close");

    /// <summary>"server shutting down": the host stopped.</summary>
    public static LeaveReason ServerShuttingDown { get; } = new("server shutting down");

    /// <summary>"client namespace disconnect": the client called <c>socket.disconnect()</c>. It may stay in other namespaces.</summary>
    public static LeaveReason ClientNamespaceDisconnect { get; } = new("client namespace disconnect");

    /// <summary>"server namespace disconnect": the program called DisconnectAsync. The client does not reconnect by itself.</summary>
    public static LeaveReason ServerNamespaceDisconnect { get; } = new("server namespace disconnect");

    /// <summary>The text. Empty for the default value, which is the reason of a socket that has not left.</summary>
    public string Text => _text ?? "";

    /// <summary>The text.</summary>
    public override string ToString() => Text;
}
