using SocketIOServer.Adapters;
using SocketIOServer.Events;
using SocketIOServer.Json;
using SocketIOServer.Namespaces;

namespace SocketIOServer.Sockets;

/// <summary>The ack of one socket to an event that was sent to many.</summary>
internal sealed class BroadcastAck(BroadcastCall call, Socket socket, Namespace @namespace) : IPendingAck
{
    public void Complete(JsonArguments answer)
    {
        try
        {
            call.OnAnswered(socket.Id, answer.Json, answer.Attachments);
        }
        catch (Exception e)
        {
            // An adapter's own call, and this is the receive loop.
            UserCode.OnFailed(e, nameof(BroadcastCall), @namespace, socket);
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
            // As above, and whatever else follows a leave must still happen.
            UserCode.OnFailed(e, nameof(BroadcastCall), @namespace, socket);
        }
    }
}
