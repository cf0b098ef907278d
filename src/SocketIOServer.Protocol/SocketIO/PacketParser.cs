using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer;

/// <summary>
/// An encoding of Socket.IO packets: turns packets into messages and, with its <see cref="PacketDecoder"/>, messages into packets. The server itself works with JSON and
/// binary attachments; a parser converts from and to that. Set one with <c>AddSocketIO(options => options.Parser = …)</c>. The clients must have the same
/// parser (the option <c>parser</c> of socket.io-client), because nothing on the wire names it.
/// </summary>
/// <remarks>
/// A parser has no state; any thread may call it, several at a time. If <c>Write</c> throws for an event, the caller that emits the event gets the exception. If it
/// throws for another packet, the server logs that and does not send the packet.
/// </remarks>
public abstract class PacketParser
{
    // The depth for events that this server has written itself. No payload is deeper, because JsonSerializerOptions.MaxDepth is 1,000 at most.
    private protected static readonly PacketLimits NoLimits = new(int.MaxValue, long.MaxValue, jsonDepth: 1024);

    /// <summary>JSON, with binary arguments as messages of their own. Every client uses it unless it is told otherwise.</summary>
    public static PacketParser Json { get; } = new JsonPacketParser();

    /// <summary>
    /// MessagePack in the form of npm's <c>socket.io-msgpack-parser</c>, with binary arguments inside. For clients 2.x, 3.x and 4.x that are given that parser.
    /// </summary>
    public static PacketParser MessagePack { get; } = new MessagePackParser();

    /// <summary>
    /// The parser for clients 1.x and 2.x, whose version of it may encode CONNECT, DISCONNECT and errors in another way. Events and acks must be encoded in the same
    /// way. Default: this parser.
    /// </summary>
    public virtual PacketParser ForOldClients => this;

    /// <summary>Whether the parser belongs to this library and therefore does not throw.</summary>
    internal virtual bool IsBuiltIn => false;

    /// <summary>Makes the decoder of one client. Called once for each connection.</summary>
    /// <param name="limits">What the client may send in one packet.</param>
    public abstract PacketDecoder CreateDecoder(PacketLimits limits);

    /// <summary>Encodes a packet.</summary>
    /// <param name="type">Connect, Disconnect, Event, Ack or ConnectError. Events and acks with attachments have no types of their own here.</param>
    /// <param name="namespace">The name of the namespace in UTF-8, such as <c>/chat</c>; empty for "/".</param>
    /// <param name="id">The ack id, or <see cref="SocketPacket.NoId"/>.</param>
    /// <param name="json">
    /// The payload in UTF-8, empty if there is none: the array of an event (its name first) or an ack, the object of CONNECT and ConnectError. Valid until the
    /// method returns.
    /// </param>
    /// <param name="attachments">The binary arguments. In the JSON, <c>{"_placeholder":true,"num":0}</c> stands in the place of the first one. Do not change them.</param>
    public abstract OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json, byte[][] attachments);

    /// <inheritdoc cref="Write(SocketPacketType, ReadOnlySpan{byte}, long, ReadOnlySpan{byte}, byte[][])"/>
    internal OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json) => Write(type, @namespace, id, json, []);

    /// <summary>Returns the part of an event that is the same in all of its packets. It is encoded once.</summary>
    internal virtual PacketBody Prepare(ReadOnlySpan<byte> json, byte[][] attachments) => new(json.ToArray(), attachments);

    /// <summary>Returns the same part of an event that was written without an ack id. It is not copied.</summary>
    /// <param name="event">The message that <c>Write</c> returned.</param>
    /// <param name="namespace">The namespace of the event.</param>
    internal virtual PacketBody BodyOf(OutgoingMessage @event, ReadOnlySpan<byte> @namespace)
    {
        var (json, attachments) = ReadEvent(@event, @namespace);
        return new(json, [.. attachments.Select(static attachment => attachment.ToArray())]);
    }

    /// <summary>Returns the payload of an event that was written without an ack id, as JSON and attachments.</summary>
    /// <inheritdoc cref="BodyOf"/>
    internal virtual (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) ReadEvent(OutgoingMessage @event, ReadOnlySpan<byte> @namespace) =>
        Read(@event);

    /// <summary>Returns the payload of an event or an ack, as JSON and attachments.</summary>
    /// <param name="written">The message that <c>Write</c> returned.</param>
    internal (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) Read(OutgoingMessage written)
    {
        var decoder = CreateDecoder(NoLimits);
        for (var i = 0; i < written.Count; i++)
        {
            var (bytes, isBinary) = (written[i].Bytes, written[i].IsBinary);
            // A text begins with the digit of Engine.IO.
            if (decoder.Add(isBinary ? bytes : bytes.AsMemory(1), isBinary, out var packet) == DecodeResult.Complete) return (packet.Json.ToArray(), packet.Attachments);
        }

        throw new InvalidOperationException($"The decoder of {GetType()} cannot read a packet that the parser has written.");
    }

    /// <summary>Returns an event with one argument more, in new memory.</summary>
    /// <param name="event">The message that <c>Write</c> returned.</param>
    /// <param name="namespace">The namespace of the event.</param>
    /// <param name="text">The argument, a text of ASCII letters and digits.</param>
    /// <returns>The event, and where the text is in its head. -1 if the encoding does not contain the text as it is.</returns>
    internal virtual (OutgoingMessage Event, int TextAt) WithText(OutgoingMessage @event, ReadOnlySpan<byte> @namespace, ReadOnlySpan<byte> text)
    {
        var (json, attachments) = ReadEvent(@event, @namespace);
        byte[] longer = [.. json.Span.TrimEnd(" \t\r\n"u8)[..^1], .. ",\""u8, .. text, .. "\"]"u8];
        var message = Write(SocketPacketType.Event, @namespace, SocketPacket.NoId, longer, [.. attachments.Select(static attachment => attachment.ToArray())]);
        return (message, message.Head.Bytes.AsSpan().LastIndexOf(text));
    }

    /// <summary>Returns one of the packets of an event.</summary>
    internal virtual OutgoingMessage WriteEvent(ReadOnlySpan<byte> @namespace, long id, in PacketBody body) =>
        Write(SocketPacketType.Event, @namespace, id, body.Payload.Span, body.Attachments);
}
