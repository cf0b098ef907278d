namespace SocketIOServer;

/// <summary>A call has no answer because its socket has left its namespace, before the call or while it waited.</summary>
public sealed class SocketDisconnectedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why the socket left. The default value means that the reason is not known, as of a socket in another process.</param>
    public SocketDisconnectedException(LeaveReason reason)
        : base(reason == default ? "The socket was disconnected." : $"The socket was disconnected: {reason.Text}.") => Reason = reason;

    /// <param name="reason">Why the socket left.</param>
    /// <param name="details">The sentence that says what caused the reason.</param>
    internal SocketDisconnectedException(LeaveReason reason, string details)
        : base($"The socket was disconnected: {reason.Text}. {details}") => Reason = reason;

    /// <summary>Why the socket left. The default value means that the reason is not known.</summary>
    public LeaveReason Reason { get; }
}
