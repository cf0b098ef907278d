namespace SocketIOServer;

/// <summary>Why a socket left its namespace, in the words of the reference: "transport close", "ping timeout", "server shutting down" and so on.</summary>
/// <param name="Text">The words.</param>
public readonly record struct LeaveReason(string Text)
{
    /// <summary>The client left this namespace and may stay in others.</summary>
    public static readonly LeaveReason ByClient = new("client namespace disconnect");

    /// <summary>The server disconnected the socket.</summary>
    public static readonly LeaveReason ByServer = new("server namespace disconnect");

    /// <inheritdoc/>
    public override string ToString() => Text;
}
