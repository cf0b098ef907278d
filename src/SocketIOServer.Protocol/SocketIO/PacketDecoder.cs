using System.Text.Unicode;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer;

/// <summary>
/// Turns the messages of one client into packets. It may keep the beginning of a packet whose attachments are still to come, within the limits. Messages come in
/// order, one at a time.
/// </summary>
/// <remarks>
/// What a client sends is never an exception: <see cref="Add(ReadOnlyMemory{byte}, bool, out SocketPacket)"/> returns <see cref="DecodeResult.Invalid"/>, and the connection is closed with "parse
/// error". If the method throws all the same, the server logs that and does the same.
/// </remarks>
/// <param name="limits">What the client may send in one packet.</param>
public abstract class PacketDecoder(PacketLimits limits)
{
    private protected static readonly IReadOnlyList<ReadOnlyMemory<byte>> NoAttachments = [];

    /// <summary>
    /// Bytes that are kept of an event whose attachments are still to come; otherwise 0. The server counts them with the events that wait for handlers
    /// (MaxQueuedEventBytes).
    /// </summary>
    public virtual long WaitingBytes => 0;

    /// <summary>What the client may send in one packet.</summary>
    protected PacketLimits Limits => limits;

    /// <summary>Why the last message was not accepted.</summary>
    internal PacketFault Fault { get; private protected set; }

    /// <summary>Decodes one Engine.IO message of the client.</summary>
    /// <param name="data">The message. Valid until the method returns, and for a complete packet until the next call.</param>
    /// <param name="isBinary">The message is binary. A text is valid UTF-8.</param>
    /// <param name="packet">
    /// With Complete and Pending a packet of <see cref="TryCreate"/>. With Pending it is the head without its attachments: the server checks that the client is in the namespace before
    /// more is kept.
    /// </param>
    public abstract DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet);

    internal DecodeResult Add(in EnginePacket message, out SocketPacket packet) => Add(message.Data, message.IsBinary, out packet);

    /// <summary>
    /// Checks the parts of a packet and makes the packet. This is the only way to make one. False: a part is not what the protocol allows or exceeds the limits; return
    /// <see cref="DecodeResult.Invalid"/> then.
    /// </summary>
    /// <param name="type">Connect, Disconnect, Event or Ack; BinaryEvent and BinaryAck become Event and Ack.</param>
    /// <param name="namespace">The name in UTF-8, such as <c>/chat</c>; empty for "/". Not copied.</param>
    /// <param name="id">The ack id, or <see cref="SocketPacket.NoId"/>.</param>
    /// <param name="json">The payload in UTF-8, empty if there is none. Not copied: it must stay as it is until the next message.</param>
    /// <param name="attachments">The binary arguments, by the numbers of the placeholders <c>{"_placeholder":true,"num":0}</c> in the JSON. Copied.</param>
    /// <param name="packet">The packet.</param>
    protected bool TryCreate(
        SocketPacketType type, ReadOnlyMemory<byte> @namespace, long id, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, out SocketPacket packet)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        packet = default;
        Fault = attachments.Count > limits.MaxAttachments ? PacketFault.Attachments : json.Length > limits.MaxPacketBytes ? PacketFault.PacketBytes : PacketFault.Malformed;
        if (Fault != PacketFault.Malformed || !Utf8.IsValid(json.Span)) return false;
        if (!@namespace.IsEmpty && !IsName(@namespace.Span) || id is < SocketPacket.NoId or > SocketPacket.MaxId) return false;
        if (attachments.Count > 0 && type is not (SocketPacketType.Event or SocketPacketType.Ack or SocketPacketType.BinaryEvent or SocketPacketType.BinaryAck)) return false;
        if (!TryCreateFromCheckedParts(type, @namespace, id, Surrogates.Repair(json), NoAttachments, out packet)) return false;

        // Without attachments, an object that looks like a placeholder is plain data.
        if (attachments.Count == 0) return true;
        var references = new int[attachments.Count];
        if (!Placeholders.TryCount(packet.Json.Span, references, limits.MaxJsonDepth)) return false;
        long bytes = json.Length;
        // Counted once for each reference, because a type that cannot share memory, such as base64 text, contains it that many times.
        for (var i = 0; i < references.Length; i++) bytes += (long)attachments[i].Length * Math.Max(1, references[i]);
        if (bytes > limits.MaxPacketBytes)
        {
            Fault = PacketFault.PacketBytes;
            return false;
        }

        // The application can keep them, but the buffer of the message is reused.
        packet = packet.With([.. attachments.Select(static attachment => (ReadOnlyMemory<byte>)attachment.ToArray())]);
        return true;
    }

    /// <summary>
    /// Returns true if the namespace is valid in every encoding. It contains no comma, because a comma ends it in the text of a packet, except in an old
    /// client's query.
    /// </summary>
    private protected static bool IsName(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '/' || !Utf8.IsValid(text)) return false;
        var end = text.IndexOfAny((byte)',', (byte)'?');
        return end < 0 || text[end] == '?';
    }

    /// <summary>
    /// Creates a packet if its payload matches its type. The caller has checked the namespace, the id and the attachments; <see cref="TryCreate"/> checks them too.
    /// </summary>
    private protected bool TryCreateFromCheckedParts(
        SocketPacketType type, ReadOnlyMemory<byte> name, long id, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, out SocketPacket packet)
    {
        packet = default;
        var eventName = ReadOnlyMemory<byte>.Empty;
        var argumentsStart = 1;
        var isValid = type switch
        {
            SocketPacketType.Connect => json.IsEmpty || JsonCheck.IsPlainObject(json, limits.MaxJsonDepth),
            SocketPacketType.Disconnect => json.IsEmpty,
            SocketPacketType.Event or SocketPacketType.BinaryEvent => JsonCheck.TryReadEvent(json, limits.MaxJsonDepth, out eventName, out argumentsStart),
            SocketPacketType.Ack or SocketPacketType.BinaryAck => id >= 0 && JsonCheck.IsArray(json.Span, limits.MaxJsonDepth),
            SocketPacketType.ConnectError => limits.TakesRefusals && JsonCheck.IsObject(json.Span, limits.MaxJsonDepth),
            _ => false,
        };
        if (!isValid)
        {
            Fault = JsonCheck.IsDeeperThan(json.Span, limits.MaxJsonDepth) ? PacketFault.JsonDepth
                : JsonCheck.IsReserved(eventName.Span) ? PacketFault.ReservedName
                : PacketFault.Malformed;
            return false;
        }

        packet = new()
        {
            Type = type switch
            {
                SocketPacketType.BinaryEvent => SocketPacketType.Event,
                SocketPacketType.BinaryAck => SocketPacketType.Ack,
                _ => type,
            },
            Namespace = name,
            Id = id,
            Json = json,
            Name = eventName,
            ArgumentsStart = argumentsStart,
            Attachments = attachments,
        };
        return true;
    }
}
