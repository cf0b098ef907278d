using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer;

/// <summary>
/// One or more Engine.IO messages that are sent with nothing between them: a head, and binary attachments. Immutable, and shared by all receivers of a broadcast. A
/// <see cref="PacketParser"/> makes them.
/// </summary>
public sealed class OutgoingMessage
{
    internal static readonly OutgoingMessage Ping = new("2"u8.ToArray());
    internal static readonly OutgoingMessage Pong = new("3"u8.ToArray());
    internal static readonly OutgoingMessage ProbePong = new("3probe"u8.ToArray());
    internal static readonly OutgoingMessage Close = new("1"u8.ToArray());
    internal static readonly OutgoingMessage Noop = new("6"u8.ToArray());

    // The memory of a queued message besides its bytes: this object, the headers of the arrays and a slot in the queue.
    private const int Overhead = 64;

    private byte[]? _ascii;
    private byte[]?[]? _compressed;

    /// <param name="head">The type digit and UTF-8 text, or the data of a binary message if isBinary is true.</param>
    /// <param name="attachments">The binary messages that follow the head directly.</param>
    /// <param name="isBinary">Whether the head is binary.</param>
    /// <param name="isJson">Whether every non-ASCII character of the head is in a JSON string, so that \uXXXX means the same.</param>
    internal OutgoingMessage(byte[] head, byte[][]? attachments = null, bool isJson = false, bool isBinary = false)
    {
        Head = new(head, isBinary);
        Attachments = attachments ?? [];
        IsJson = isJson;

        var size = Overhead + head.Length;
        foreach (var attachment in Attachments) size += Overhead + attachment.Length;
        Size = size;
    }

    /// <summary>Makes a text message, with binary messages behind it.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="attachments">Sent as binary messages in this order. Not copied: do not change them afterwards.</param>
    public static OutgoingMessage FromText(ReadOnlySpan<byte> text, params byte[][] attachments)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        var head = GC.AllocateUninitializedArray<byte>(1 + text.Length);
        head[0] = (byte)'0' + (byte)EnginePacketType.Message;
        text.CopyTo(head.AsSpan(1));
        return new(head, attachments);
    }

    /// <summary>Makes a binary message.</summary>
    /// <param name="data">The message. Not copied: do not change it afterwards.</param>
    public static OutgoingMessage FromBinary(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new(data, isBinary: true);
    }

    internal OutgoingPacket Head { get; }

    internal byte[][] Attachments { get; }

    internal bool IsJson { get; }

    /// <summary>Whether a transport may compress the message.</summary>
    internal bool IsCompressible { get; private set; } = true;

    /// <summary>How many bytes the message counts for in a session's queue.</summary>
    internal int Size { get; }

    internal int Count => 1 + Attachments.Length;

    internal OutgoingPacket this[int index] => index == 0 ? Head : new(Attachments[index - 1], isBinary: true);

    /// <summary>Sets the flag. Must be called before the message is queued.</summary>
    internal void KeepUncompressed() => IsCompressible = false;

    /// <summary>
    /// Returns the compressed bytes of a packet. They are created once and shared, so compression of a broadcast costs the same for one receiver and for
    /// thousands.
    /// </summary>
    internal byte[] Compressed(int index, Func<ReadOnlySpan<byte>, byte[]> compress)
    {
        var made = _compressed ?? Interlocked.CompareExchange(ref _compressed, new byte[Count][], null) ?? _compressed;
        // Two transports can create it at the same time. The results are equal.
        return made[index] ??= compress(this[index].Bytes);
    }

    /// <summary>Returns the head in ASCII, created once and shared. Null if it cannot be written in ASCII.</summary>
    internal byte[]? AsciiHead()
    {
        if (_ascii is { } made) return made;
        if (Ascii.IsValid(Head.Bytes)) return _ascii = Head.Bytes;
        return IsJson ? _ascii = AsciiJson.Escape(Head.Bytes) : null;
    }
}
