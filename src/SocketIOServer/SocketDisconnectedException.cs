namespace SocketIOServer;

/// <summary>A call has no answer because its socket has left its namespace, before the call or while it waited.</summary>
/// <param name="reason">Why the socket left. The default value means that the reason is not known, as of a socket in another process.</param>
public sealed class SocketDisconnectedException(LeaveReason reason)
    : Exception(reason == default ? "The socket was disconnected." : $"The socket was disconnected: {reason.Text}.")
{
    /// <summary>Why the socket left. The default value means that the reason is not known.</summary>
    public LeaveReason Reason => reason;
}
