using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// An encoding: packets to messages and back. What is above it sees JSON with binary as attachments, whichever it is.
/// Stateless; a server has one.
/// </summary>
internal abstract class PacketParser
{
    public static readonly PacketParser Json = new JsonPacketParser();
    public static readonly PacketParser MessagePack = new MessagePackParser();

    /// <summary>What clients of Socket.IO 4 have under the same name; events and acks are the same in both.</summary>
    public virtual PacketParser OfOldClients => this;

    /// <summary>One client's decoder.</summary>
    public abstract PacketDecoder CreateDecoder(PacketLimits limits);

    /// <summary>Makes the message that a packet is queued, framed and sent as.</summary>
    /// <param name="type">Connect, Disconnect, Event, Ack or ConnectError; attachments make it binary.</param>
    /// <param name="name">The namespace; empty for "/".</param>
    /// <param name="id">The ack id, or <see cref="SocketPacket.NoId"/>.</param>
    /// <param name="json">The whole payload; empty for none.</param>
    /// <param name="attachments">In the order of their placeholders.</param>
    public abstract OutgoingMessage Write(
        SocketPacketType type, ReadOnlySpan<byte> name, long id, ReadOnlySpan<byte> json, byte[][]? attachments = null);

    /// <summary>The part of an event that its packets have in common, encoded once.</summary>
    public abstract PacketBody Prepare(ReadOnlySpan<byte> json, byte[][] attachments);

    /// <summary>The same part of an event that was written without an ack id. Not copied.</summary>
    /// <param name="event">What <see cref="Write"/> made.</param>
    /// <param name="name">The namespace that it was written for.</param>
    public abstract PacketBody BodyOf(OutgoingMessage @event, ReadOnlySpan<byte> name);

    /// <summary>The payload of an event that was written without an ack id, as JSON and attachments.</summary>
    /// <inheritdoc cref="BodyOf"/>
    public abstract (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) ReadEvent(OutgoingMessage @event, ReadOnlySpan<byte> name);

    /// <summary>One of the packets of an event.</summary>
    public abstract OutgoingMessage WriteEvent(ReadOnlySpan<byte> name, long id, in PacketBody body);
}
