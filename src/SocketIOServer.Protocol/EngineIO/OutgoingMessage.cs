using System.Text;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>
/// Packets that must stay adjacent: one head and its binary attachments. Immutable, and shared by all who receive it.
/// </summary>
internal sealed class OutgoingMessage
{
    public static readonly OutgoingMessage Ping = new("2"u8.ToArray());
    public static readonly OutgoingMessage Pong = new("3"u8.ToArray());
    public static readonly OutgoingMessage ProbePong = new("3probe"u8.ToArray());
    public static readonly OutgoingMessage Close = new("1"u8.ToArray());
    public static readonly OutgoingMessage Noop = new("6"u8.ToArray());

    // What a queued message costs beside its bytes: this object, the arrays' headers, a slot in the queue.
    private const int Overhead = 64;

    private byte[]? _ascii;
    private byte[]?[]? _compressed;

    /// <param name="head">Type digit and UTF-8 text, or (isBinary) the data of a binary message.</param>
    /// <param name="attachments">Binary messages that follow the head with nothing between.</param>
    /// <param name="isBinary">The head itself is binary.</param>
    /// <param name="isJson">Every non-ASCII character of the head stands in a JSON string, so \uXXXX means the same.</param>
    public OutgoingMessage(byte[] head, byte[][]? attachments = null, bool isJson = false, bool isBinary = false)
    {
        Head = new(head, isBinary);
        Attachments = attachments ?? [];
        IsJson = isJson;

        var size = Overhead + head.Length;
        foreach (var attachment in Attachments) size += Overhead + attachment.Length;
        Size = size;
    }

    public OutgoingPacket Head { get; }

    public byte[][] Attachments { get; }

    public bool IsJson { get; }

    /// <summary>A transport that can compress may do it.</summary>
    public bool IsCompressible { get; private set; } = true;

    /// <summary>Bytes this message counts for in a session's queue.</summary>
    public int Size { get; }

    public int Count => 1 + Attachments.Length;

    public OutgoingPacket this[int index] => index == 0 ? Head : new(Attachments[index - 1], isBinary: true);

    /// <summary>Before it is queued anywhere.</summary>
    public void KeepUncompressed() => IsCompressible = false;

    /// <summary>A packet's bytes compressed, made once and shared: to compress a broadcast costs the same for one receiver and for thousands.</summary>
    public byte[] Compressed(int index, Func<ReadOnlySpan<byte>, byte[]> compress)
    {
        var made = _compressed ?? Interlocked.CompareExchange(ref _compressed, new byte[Count][], null) ?? _compressed;
        // Two transports may both make it: it is the same.
        return made[index] ??= compress(this[index].Bytes);
    }

    /// <summary>The head in ASCII, made once and shared; null where it cannot be written so.</summary>
    public byte[]? AsciiHead()
    {
        if (_ascii is { } made) return made;
        if (Ascii.IsValid(Head.Bytes)) return _ascii = Head.Bytes;
        return IsJson ? _ascii = AsciiJson.Escape(Head.Bytes) : null;
    }
}
