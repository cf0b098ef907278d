using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// Writes a message in the key order of socket.io-adapter 2.5: <c>{"type":3,"data":{…},"uid":"…","nsp":"/"}</c>, and behind them the keys of ours,
/// <c>n</c> and <c>node</c>, which Node ignores. The JSON of an event is copied, not parsed.
/// </summary>
internal static class JsonMessageWriter
{
    public static void Write(ByteScratch output, string @namespace, in ClusterMessage message, PacketEncoder encoder)
    {
        output.Write("{\"type\":"u8);
        JsonText.Write(output, (int)message.Type);
        if (message.Type is not (ClusterMessageType.InitialHeartbeat or ClusterMessageType.Heartbeat or ClusterMessageType.Close))
        {
            output.Write(",\"data\":"u8);
            WriteData(output, message, encoder);
        }

        output.Write(",\"uid\":"u8);
        JsonText.Write(output, message.Sender);
        output.Write(",\"nsp\":"u8);
        JsonText.Write(output, @namespace);
        if (message.Number > 0)
        {
            output.Write(",\"n\":"u8);
            JsonText.Write(output, message.Number);
        }

        if (message.NodeId is { } node)
        {
            output.Write(",\"node\":"u8);
            JsonText.Write(output, node);
        }

        output.Write((byte)'}');
    }

    /// <summary>Writes the value of the key <c>data</c>.</summary>
    public static void WriteData(ByteScratch output, in ClusterMessage message, PacketEncoder encoder)
    {
        output.Write((byte)'{');
        switch (message.Type)
        {
            case ClusterMessageType.Broadcast:
                output.Write("\"packet\":{\"type\":2,\"data\":"u8);
                output.Write(message.Json.Span);
                output.Write((byte)'}');
                if (message.RequestId is not null) WriteRequestId(output, message);
                output.Write((byte)',');
                WriteTarget(output, message);
                break;
            case ClusterMessageType.Join or ClusterMessageType.Leave:
                WriteTarget(output, message);
                output.Write(",\"rooms\":"u8);
                JsonText.Write(output, message.Rooms);
                break;
            case ClusterMessageType.Disconnect:
                WriteTarget(output, message);
                output.Write(message.Close ? ",\"close\":true"u8 : ",\"close\":false"u8);
                break;
            case ClusterMessageType.Fetch or ClusterMessageType.Count:
                WriteTarget(output, message);
                WriteRequestId(output, message);
                WriteInstead(output, message);
                break;
            case ClusterMessageType.ServerEvent or ClusterMessageType.TakeSession:
                if (message.RequestId is not null)
                {
                    WriteRequestId(output, message, isFirst: true);
                    output.Write((byte)',');
                }

                output.Write("\"packet\":"u8);
                output.Write(message.Json.Span);
                break;
            default:
                WriteRequestId(output, message, isFirst: true);
                WriteAnswer(output, message, encoder, ",\"packet\":"u8);
                break;
        }

        output.Write((byte)'}');
    }

    /// <summary>Writes what an answer says, behind the id of the question.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="message">The answer.</param>
    /// <param name="encoder">Writes the data of sockets.</param>
    /// <param name="valueKey">The key of an ack or of the answer of a server's handler, with the comma before it and the colon behind it.</param>
    public static void WriteAnswer(ByteScratch output, in ClusterMessage message, PacketEncoder encoder, ReadOnlySpan<byte> valueKey)
    {
        switch (message.Type)
        {
            case ClusterMessageType.FetchResponse:
                output.Write(",\"sockets\":"u8);
                SnapshotJson.Write(output, message.Sockets, encoder);
                break;
            case ClusterMessageType.AckCount or ClusterMessageType.CountResponse:
                output.Write(",\"clientCount\":"u8);
                JsonText.Write(output, message.Count);
                if (message.Rooms.Length == 0) break;
                output.Write(",\"sids\":"u8);
                JsonText.Write(output, message.Rooms);
                break;
            case ClusterMessageType.RoomsResponse:
                output.Write(",\"rooms\":"u8);
                JsonText.Write(output, message.Rooms);
                break;
            case ClusterMessageType.Ack or ClusterMessageType.ServerEventResponse or ClusterMessageType.Session when !message.Json.IsEmpty:
                // JSON.stringify leaves out what is undefined.
                output.Write(valueKey);
                output.Write(message.Json.Span);
                break;
        }

        if (message.SocketId is not { } id) return;
        output.Write(",\"sid\":"u8);
        JsonText.Write(output, id);
    }

    /// <summary>Writes what our servers answer instead, behind other members.</summary>
    public static void WriteInstead(ByteScratch output, in ClusterMessage message)
    {
        if (message.Instead == 0) return;
        output.Write(",\"instead\":"u8);
        JsonText.Write(output, (int)message.Instead);
    }

    private static void WriteRequestId(ByteScratch output, in ClusterMessage message, bool isFirst = false)
    {
        if (!isFirst) output.Write((byte)',');
        output.Write("\"requestId\":"u8);
        JsonText.Write(output, message.RequestId ?? "");
    }

    private static void WriteTarget(ByteScratch output, in ClusterMessage message)
    {
        var target = message.Target;
        output.Write("\"opts\":{\"rooms\":"u8);
        JsonText.Write(output, target.Rooms);
        output.Write(",\"except\":"u8);
        JsonText.Write(output, target.Except);
        output.Write(",\"flags\":"u8);
        WriteFlags(output, message);
        output.Write((byte)'}');
    }

    /// <summary>Writes how an event is sent: <c>{"volatile":true,"compress":false,"timeout":1000}</c>, each only where it differs from the default.</summary>
    public static void WriteFlags(ByteScratch output, in ClusterMessage message)
    {
        var target = message.Target;
        output.Write((byte)'{');
        var isFirst = true;
        if (target.IsVolatile) WriteFlag(output, "\"volatile\":true"u8, ref isFirst);
        if (target.IsUncompressed) WriteFlag(output, "\"compress\":false"u8, ref isFirst);
        if (message.Timeout is { } timeout)
        {
            WriteFlag(output, "\"timeout\":"u8, ref isFirst);
            JsonText.Write(output, (long)timeout.TotalMilliseconds);
        }

        output.Write((byte)'}');
    }

    private static void WriteFlag(ByteScratch output, ReadOnlySpan<byte> flag, ref bool isFirst)
    {
        if (!isFirst) output.Write((byte)',');
        isFirst = false;
        output.Write(flag);
    }
}
