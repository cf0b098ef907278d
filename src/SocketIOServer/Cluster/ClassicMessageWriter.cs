using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// Writes a message in the key order of @socket.io/redis-adapter 8.3, as JSON: an event is <c>["uid",{"type":2,"data":[…],"nsp":"/"},{…}]</c>, a request
/// <c>{"uid":"…","requestId":"…","type":5,…}</c>, a response <c>{"type":8,"requestId":"…",…}</c>. Behind them come the keys of ours, which Node ignores: <c>n</c>
/// in requests (in an event, a fourth element), <c>uid</c> and <c>node</c> in responses.
/// </summary>
internal static class ClassicMessageWriter
{
    public static void Write(ByteScratch output, string @namespace, in ClusterMessage message, PacketEncoder encoder)
    {
        if (message.Type == ClusterMessageType.Broadcast && message.RequestId is null) WriteEvent(output, @namespace, message);
        else if (ClassicTypes.IsResponse(message.Type)) WriteResponse(output, message, encoder);
        else WriteRequest(output, @namespace, message);
    }

    private static void WriteEvent(ByteScratch output, string @namespace, in ClusterMessage message)
    {
        output.Write((byte)'[');
        JsonText.Write(output, message.Sender);
        output.Write((byte)',');
        WritePacket(output, @namespace, message);
        output.Write((byte)',');
        WriteTarget(output, message, hasFlags: true);
        if (message.Number > 0)
        {
            output.Write((byte)',');
            JsonText.Write(output, message.Number);
        }

        output.Write((byte)']');
    }

    private static void WriteRequest(ByteScratch output, string @namespace, in ClusterMessage message)
    {
        output.Write("{\"uid\":"u8);
        JsonText.Write(output, message.Sender);
        if (message.RequestId is { } id) WriteText(output, ",\"requestId\":"u8, id);
        output.Write(",\"type\":"u8);
        JsonText.Write(output, ClassicTypes.OfRequest(message.Type));
        switch (message.Type)
        {
            case ClusterMessageType.Broadcast:
                output.Write(",\"packet\":"u8);
                WritePacket(output, @namespace, message);
                WriteOptions(output, message, hasFlags: true);
                break;
            case ClusterMessageType.Join or ClusterMessageType.Leave:
                WriteOptions(output, message, hasFlags: false);
                output.Write(",\"rooms\":"u8);
                JsonText.Write(output, message.Rooms);
                break;
            case ClusterMessageType.Disconnect:
                WriteOptions(output, message, hasFlags: false);
                output.Write(message.Close ? ",\"close\":true"u8 : ",\"close\":false"u8);
                break;
            case ClusterMessageType.Fetch or ClusterMessageType.Count:
                WriteOptions(output, message, hasFlags: false);
                JsonMessageWriter.WriteInstead(output, message);
                break;
            case ClusterMessageType.ServerEvent or ClusterMessageType.TakeSession:
                output.Write(",\"data\":"u8);
                output.Write(message.Json.Span);
                break;
        }

        if (message.Number > 0)
        {
            output.Write(",\"n\":"u8);
            JsonText.Write(output, message.Number);
        }

        output.Write((byte)'}');
    }

    private static void WriteResponse(ByteScratch output, in ClusterMessage message, PacketEncoder encoder)
    {
        output.Write((byte)'{');
        // Who has asked knows what for: Node's servers do not say it in these two.
        if (message.Type is not (ClusterMessageType.FetchResponse or ClusterMessageType.RoomsResponse))
        {
            output.Write("\"type\":"u8);
            JsonText.Write(output, ClassicTypes.OfResponse(message.Type));
            output.Write((byte)',');
        }

        WriteText(output, "\"requestId\":"u8, message.RequestId ?? "");
        JsonMessageWriter.WriteAnswer(output, message, encoder, message.Type is ClusterMessageType.ServerEventResponse or ClusterMessageType.Session ? ",\"data\":"u8 : ",\"packet\":"u8);
        if (message.NodeId is { } node)
        {
            WriteText(output, ",\"uid\":"u8, message.Sender);
            WriteText(output, ",\"node\":"u8, node);
        }

        output.Write((byte)'}');
    }

    private static void WritePacket(ByteScratch output, string @namespace, in ClusterMessage message)
    {
        output.Write("{\"type\":2,\"data\":"u8);
        output.Write(message.Json.Span);
        WriteText(output, ",\"nsp\":"u8, @namespace);
        output.Write((byte)'}');
    }

    private static void WriteOptions(ByteScratch output, in ClusterMessage message, bool hasFlags)
    {
        output.Write(",\"opts\":"u8);
        WriteTarget(output, message, hasFlags);
    }

    private static void WriteTarget(ByteScratch output, in ClusterMessage message, bool hasFlags)
    {
        output.Write("{\"rooms\":"u8);
        JsonText.Write(output, message.Target.Rooms);
        output.Write(",\"except\":"u8);
        JsonText.Write(output, message.Target.Except);
        if (hasFlags)
        {
            output.Write(",\"flags\":"u8);
            JsonMessageWriter.WriteFlags(output, message);
        }

        output.Write((byte)'}');
    }

    private static void WriteText(ByteScratch output, ReadOnlySpan<byte> key, string text)
    {
        output.Write(key);
        JsonText.Write(output, text);
    }
}
