namespace SocketIOServer;

/// <summary>The socket left before it answered.</summary>
/// <param name="reason">Why it left.</param>
public sealed class SocketDisconnectedException(LeaveReason reason) : Exception($"The socket was disconnected: {reason.Text}.")
{
    /// <summary>Why it left.</summary>
    public LeaveReason Reason => reason;
}
