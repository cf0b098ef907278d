using System.Security.Cryptography;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// The messages of <c>createAdapter</c> of @socket.io/redis-adapter 8.3 and of @socket.io/redis-emitter 5.1. Events are MessagePack on
/// <c>prefix#namespace#</c>, or on <c>prefix#namespace#room#</c> where they are for one room. Everything else is JSON: questions and changes on
/// <c>prefix-request#namespace#</c>, answers on <c>prefix-response#namespace#</c> and <c>prefix-response#namespace#server#</c>.
/// </summary>
/// <remarks>It needs a bus that can subscribe to all channels whose names begin alike.</remarks>
/// <param name="prefix">What the names of all channels begin with. Default "socket.io", as in Node.</param>
public sealed class ClassicWire(string prefix = "socket.io") : ClusterWire(prefix)
{
    // uid2(6) of Node.
    private const string IdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private const int IdLength = 6;

    private readonly LatestChannel _events = new(prefix + "#");
    private readonly string _requests = prefix + "-request#";
    private readonly string _responses = prefix + "-response#";

    internal override string Form => "classic";

    internal override bool HearsAll => true;

    internal override string NewId() => RandomNumberGenerator.GetString(IdCharacters, IdLength);

    internal override IReadOnlyList<BusChannel> ChannelsOf(string @namespace) => [new(EventChannel(@namespace), IsPrefix: true), new(CountChannel(@namespace))];

    // Node's servers answer on the channel that belongs to no server, unless they have publishOnSpecificResponseChannel.
    internal override IReadOnlyList<BusChannel> AnswerChannels(string @namespace, string sender) =>
        [new($"{_responses}{@namespace}#{sender}#"), new($"{_responses}{@namespace}#")];

    // One pattern covers all rooms.
    internal override BusChannel? RoomChannel(string @namespace, string room, bool isSocketId) => null;

    internal override string CountChannel(string @namespace) => $"{_requests}{@namespace}#";

    internal override string ChannelOf(string @namespace, in ClusterMessage message)
    {
        if (message.Receiver is { } receiver) return $"{_responses}{@namespace}#{receiver}#";
        if (message.Type != ClusterMessageType.Broadcast || message.RequestId is not null) return CountChannel(@namespace);
        return message.Target.Rooms is [var room] ? $"{EventChannel(@namespace)}{room}#" : EventChannel(@namespace);
    }

    internal override byte[] Write(string @namespace, in ClusterMessage message, PacketEncoder encoder)
    {
        using var json = ByteScratch.Take();
        ClassicMessageWriter.Write(json, @namespace, message, encoder);
        // Node's servers read MessagePack wherever a message does not begin with a brace.
        if (message.Attachments.Count == 0 && message.Type is not (ClusterMessageType.Broadcast or ClusterMessageType.Ack)) return json.Written.ToArray();
        return Pack(json, message);
    }

    internal override bool TryRead(string channel, ReadOnlySpan<byte> bytes, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        var kind = channel.StartsWith(_requests, StringComparison.Ordinal) ? ClassicMessageKind.Request
            : channel.StartsWith(_responses, StringComparison.Ordinal) ? ClassicMessageKind.Response
            : ClassicMessageKind.Event;
        using var unpacked = TakeScratch(bytes);
        return TryUnpack(bytes, limits, unpacked, out var json, out var attachments) && ClassicMessageReader.TryRead(kind, json, attachments, limits, encoder, out message);
    }

    private string EventChannel(string @namespace) => _events.Of(@namespace);
}
