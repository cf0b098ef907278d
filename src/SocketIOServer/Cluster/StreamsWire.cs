using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Unicode;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// The messages of @socket.io/redis-streams-adapter: events and changes of rooms are entries of a log, all else is published as MessagePack on
/// <c>prefix#namespace#</c> and, for answers, on <c>prefix#namespace#server#</c>.
/// </summary>
/// <param name="prefix">What the names of all channels begin with. Default "socket.io", as in Node.</param>
/// <param name="onlyPlaintext">
/// Write binary arguments as JSON, <c>{"type":"Buffer","data":[1,2]}</c>, as <c>onlyPlaintext</c> in Node. The clients of other servers then get such an object
/// in place of the bytes. Default false. A server reads both forms in either case.
/// </param>
public sealed class StreamsWire(string prefix = "socket.io", bool onlyPlaintext = false) : ClusterWire(prefix)
{
    private const int IdBytes = 8;
    private const int MaxSenderLength = 256;

    internal override string Form => "streams";

    internal override bool HearsAll => true;

    internal override string NewId() => RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    internal override IReadOnlyList<BusChannel> ChannelsOf(string @namespace) => [new(CountChannel(@namespace))];

    internal override IReadOnlyList<BusChannel> AnswerChannels(string @namespace, string sender) => [new(AnswerChannel(@namespace, sender))];

    internal override BusChannel? RoomChannel(string @namespace, string room, bool isSocketId) => null;

    internal override string CountChannel(string @namespace) => $"{Prefix}#{@namespace}#";

    internal override string ChannelOf(string @namespace, in ClusterMessage message) =>
        message.Receiver is { } receiver ? AnswerChannel(@namespace, receiver) : CountChannel(@namespace);

    internal override byte[] Write(string @namespace, in ClusterMessage message, PacketEncoder encoder)
    {
        using var json = ByteScratch.Take();
        JsonMessageWriter.Write(json, @namespace, message, encoder);
        return Pack(json, message);
    }

    internal override bool TryRead(string channel, ReadOnlySpan<byte> bytes, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        using var unpacked = TakeScratch(bytes);
        return TryUnpack(bytes, limits, unpacked, out var json, out var attachments) && JsonMessageReader.TryRead(json, attachments, limits, encoder, out message);
    }

    // As isEphemeral of the reference's adapter, the other way round.
    internal override bool IsLogged(in ClusterMessage message) => message.Type switch
    {
        ClusterMessageType.Broadcast => message.RequestId is null,
        ClusterMessageType.Join or ClusterMessageType.Leave or ClusterMessageType.Disconnect or ClusterMessageType.Gap => true,
        _ => false,
    };

    // JSON, or, where a message has binary, MessagePack in base64.
    internal override byte[] WriteLogged(in ClusterMessage message, PacketEncoder encoder)
    {
        using var json = ByteScratch.Take();
        if (message.Attachments.Count > 0 && onlyPlaintext)
        {
            using var plain = ByteScratch.Take();
            PlainBinary.Write(plain, message.Json.Span, message.Attachments);
            JsonMessageWriter.WriteData(json, message with { Json = plain.Written.ToArray(), Attachments = [] }, encoder);
            return json.Written.ToArray();
        }

        JsonMessageWriter.WriteData(json, message, encoder);
        if (message.Attachments.Count == 0) return json.Written.ToArray();
        var packed = Pack(json, message);
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(packed.Length)];
        Base64.EncodeToUtf8(packed, text, out _, out _);
        return text;
    }

    internal override bool TryReadLogged(LogEntry entry, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        var data = entry.Data.Span;
        if (entry.Sender.Length > MaxSenderLength || data.Length > limits.Bytes) return false;
        if (data is [] or [(byte)'{', ..]) return Utf8.IsValid(data) && JsonMessageReader.TryReadData(entry, data, [], limits, encoder, out message);
        var packed = new byte[Base64.GetMaxDecodedFromUtf8Length(data.Length)];
        if (Base64.DecodeFromUtf8(data, packed, out _, out var length) != OperationStatus.Done || length == 0) return false;
        using var unpacked = ByteScratch.Take();
        return TryUnpack(packed.AsSpan(0, length), limits, unpacked, out var json, out var attachments) && JsonMessageReader.TryReadData(entry, json, attachments, limits, encoder, out message);
    }

    private string AnswerChannel(string @namespace, string sender) => $"{Prefix}#{@namespace}#{sender}#";
}
