using System.Globalization;
using SocketIOServer.Adapters;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Sockets;

/// <summary>The events that one socket was sent and asked to acknowledge.</summary>
internal sealed class SocketCalls(Socket socket)
{
    /// <summary>The acks that the socket still expects.</summary>
    public AckTable Acks { get; } = new(socket.Context.Server.Options.MaxPendingAcks);

    /// <summary>Sends an event and waits for the answer.</summary>
    public async Task<T> CallAsync<T>(string name, PacketBody body, TimeSpan timeout, CancellationToken cancel)
    {
        var ack = new PendingAck<T>();
        var id = Send(body, ack);
        try
        {
            return await ack.Task.WaitAsync(timeout, socket.Context.Server.Time, cancel);
        }
        catch (TimeoutException e) when (!ack.Task.IsCompleted)
        {
            throw new TimeoutException(
                $"Socket {socket.LogId} in {socket.Namespace} did not answer \"{name}\" within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", e);
        }
        finally
        {
            Acks.Remove(id);
        }
    }

    /// <inheritdoc cref="Member.Ask"/>
    public long? Ask(BroadcastCall call)
    {
        var body = socket.Context.Server.Parser.BodyOf(call.Event.Message, socket.Utf8Namespace);
        try
        {
            return Send(body, new BroadcastAck(call, socket));
        }
        catch (Exception e) when (e is SocketDisconnectedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Sends an event and expects an ack. Returns false if the socket has left. Throws what a parser of the program throws.</summary>
    public bool TryAsk(in PacketBody body, IPendingAck ack)
    {
        try
        {
            Send(body, ack);
            return true;
        }
        catch (SocketDisconnectedException)
        {
            return false;
        }
    }

    private long Send(in PacketBody body, IPendingAck ack)
    {
        var id = Acks.Add(ack);
        // A table that is made after the socket has left learns it here; one that was there before, from the socket.
        if (socket.HasLeft) Acks.Leave(socket.LeaveReason);
        try
        {
            socket.Deliver(socket.Context.Server.Parser.WriteEvent(socket.Utf8Namespace, id, body), isVolatile: false);
        }
        catch
        {
            // A parser of the program may throw. The client was not asked, so no ack is expected.
            Acks.Remove(id);
            throw;
        }

        return id;
    }
}
