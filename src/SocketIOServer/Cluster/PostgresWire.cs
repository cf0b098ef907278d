using System.Security.Cryptography;
using System.Text;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// The messages of @socket.io/postgres-adapter 0.5 and of @socket.io/postgres-emitter 0.1. All messages of a namespace, answers too, travel on one channel,
/// <c>prefix#namespace</c>. They are JSON. A message that has binary, or that is too long for a notification, is written as what a notification says of it,
/// <c>{"uid":"…","type":3</c>, then the byte <see cref="AttachmentMark"/>, then the whole message as MessagePack: the bus puts the last part into a table.
/// </summary>
/// <param name="prefix">What the names of all channels begin with. Default "socket.io", as in Node.</param>
public sealed class PostgresWire(string prefix = "socket.io") : ClusterWire(prefix)
{
    /// <summary>Stands between what a notification says of a message and the message itself. No UTF-8 has this byte.</summary>
    public const byte AttachmentMark = 0xC1;

    /// <summary>The longest text of a notification, in bytes. PostgreSQL refuses 8,000, although Node's adapter sends them.</summary>
    public const int MaxTextLength = 7999;

    /// <summary>The longest name of a channel, in bytes. PostgreSQL cuts a longer one off when it listens, and refuses it when it notifies.</summary>
    public const int MaxChannelLength = 63;

    private const int IdBytes = 8;

    internal override string Form => "postgres";

    internal override bool HearsAll => true;

    internal override bool HasHeartbeats => true;

    internal override string NewId() => RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    // PostgreSQL has no channel for a name that is too long, and its text has no NUL. Clients choose the names of dynamic namespaces.
    internal override bool CanCarry(string @namespace) => !@namespace.Contains('\0') && Encoding.UTF8.GetByteCount(CountChannel(@namespace)) <= MaxChannelLength;

    internal override IReadOnlyList<BusChannel> ChannelsOf(string @namespace) => [new(CountChannel(@namespace))];

    internal override IReadOnlyList<BusChannel> AnswerChannels(string @namespace, string sender) => ChannelsOf(@namespace);

    internal override BusChannel? RoomChannel(string @namespace, string room, bool isSocketId) => null;

    internal override string CountChannel(string @namespace) => $"{Prefix}#{@namespace}";

    internal override string ChannelOf(string @namespace, in ClusterMessage message) => CountChannel(@namespace);

    internal override byte[] Write(string @namespace, in ClusterMessage message, PacketEncoder encoder)
    {
        using var json = ByteScratch.Take();
        JsonMessageWriter.Write(json, @namespace, message, encoder);
        if (message.Attachments.Count == 0 && json.Written.Length <= MaxTextLength) return json.Written.ToArray();
        using var head = ByteScratch.Take();
        head.Write("{\"uid\":"u8);
        JsonText.Write(head, message.Sender);
        head.Write(",\"type\":"u8);
        JsonText.Write(head, (int)message.Type);
        head.Write(AttachmentMark);
        return [.. head.Written, .. Pack(json, message)];
    }

    internal override bool TryRead(string channel, ReadOnlySpan<byte> bytes, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        // From a bus that carries any bytes, and has no table.
        if (bytes is [(byte)'{', ..] && bytes.IndexOf(AttachmentMark) is > 0 and var mark) bytes = bytes[(mark + 1)..];
        using var unpacked = TakeScratch(bytes);
        return TryUnpack(bytes, limits, unpacked, out var json, out var attachments) && JsonMessageReader.TryRead(json, attachments, limits, encoder, out message);
    }
}
