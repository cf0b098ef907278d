using SocketIOServer.Adapters;
using SocketIOServer.Json;

namespace SocketIOServer.Sockets;

/// <summary>The ack of one socket to an event that was sent to many. The call may be an adapter's own, so what it throws is logged here.</summary>
internal sealed class BroadcastAck(BroadcastCall call, Socket socket) : IPendingAck
{
    public void Complete(JsonArguments answer)
    {
        try
        {
            call.OnAnswered(socket.Id, answer.Json, answer.Attachments);
        }
        catch (Exception e)
        {
            // This is the receive loop.
            socket.OnFailed(e, nameof(BroadcastCall));
        }
    }

    public void Leave(LeaveReason reason)
    {
        try
        {
            call.OnLeft(socket.Id);
        }
        catch (Exception e)
        {
            // Whatever else follows a leave must still happen.
            socket.OnFailed(e, nameof(BroadcastCall));
        }
    }
}
