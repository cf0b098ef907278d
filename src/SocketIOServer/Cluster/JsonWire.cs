using System.Security.Cryptography;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// The messages of socket.io-adapter's ClusterAdapter as @socket.io/redis-adapter's sharded adapter sends them: JSON, and MessagePack where a message has
/// binary. The channels are <c>prefix#namespace#</c>, <c>prefix#namespace#server#</c> for answers and <c>prefix#namespace#room#</c>.
/// </summary>
/// <param name="prefix">What the names of all channels begin with. Default "socket.io", as in Node.</param>
/// <param name="rooms">Which rooms have a channel of their own. Default <see cref="RoomChannels.Static"/>; Node's default is <see cref="RoomChannels.Dynamic"/>.</param>
public sealed class JsonWire(string prefix = "socket.io", RoomChannels rooms = RoomChannels.Static) : ClusterWire(prefix)
{
    // Node's publisher knows a socket's id by its length: in UTF-16 units, and whether or not it is one.
    private const int SocketIdLength = 20;
    private const int IdBytes = 8;

    private readonly LatestChannel _main = new(prefix + "#");

    /// <summary>Which rooms have a channel of their own.</summary>
    public RoomChannels Rooms => rooms;

    internal override string Form => $"json-{rooms}";

    internal override bool HearsAll => rooms == RoomChannels.Static;

    internal override string NewId() => RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    internal override IReadOnlyList<BusChannel> ChannelsOf(string @namespace) => [new(CountChannel(@namespace))];

    internal override IReadOnlyList<BusChannel> AnswerChannels(string @namespace, string sender) => [new(RoomChannelName(@namespace, sender))];

    internal override BusChannel? RoomChannel(string @namespace, string room, bool isSocketId) => rooms switch
    {
        RoomChannels.Dynamic when isSocketId && room.Length == SocketIdLength => null,
        RoomChannels.Static => null,
        _ => new(RoomChannelName(@namespace, room)),
    };

    internal override string CountChannel(string @namespace) => _main.Of(@namespace);

    internal override string ChannelOf(string @namespace, in ClusterMessage message)
    {
        if (message.Receiver is { } receiver) return RoomChannelName(@namespace, receiver);
        if (rooms == RoomChannels.Static || message.Type != ClusterMessageType.Broadcast || message.RequestId is not null || message.Target.Rooms is not [var room])
            return CountChannel(@namespace);
        return rooms == RoomChannels.Dynamic && room.Length == SocketIdLength ? CountChannel(@namespace) : RoomChannelName(@namespace, room);
    }

    internal override byte[] Write(string @namespace, in ClusterMessage message, PacketEncoder encoder)
    {
        using var json = ByteScratch.Take();
        JsonMessageWriter.Write(json, @namespace, message, encoder);
        if (message.Attachments.Count == 0) return json.Written.ToArray();
        return Pack(json, message);
    }

    internal override bool TryRead(string channel, ReadOnlySpan<byte> bytes, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        using var unpacked = TakeScratch(bytes);
        return TryUnpack(bytes, limits, unpacked, out var json, out var attachments) && JsonMessageReader.TryRead(json, attachments, limits, encoder, out message);
    }

    private string RoomChannelName(string @namespace, string room) => $"{Prefix}#{@namespace}#{room}#";
}
