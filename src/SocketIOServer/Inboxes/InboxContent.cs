using System.Buffers.Binary;

namespace SocketIOServer.Inboxes;

/// <summary>An event as the bytes that a store keeps: the length of the JSON, the JSON, and each attachment behind its length.</summary>
internal static class InboxContent
{
    private const int LengthSize = sizeof(int);

    public static byte[] Write(ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        var content = new byte[LengthSize + json.Length + attachments.Sum(static attachment => LengthSize + attachment.Length)];
        var rest = Write(content, json.Span);
        foreach (var attachment in attachments) rest = Write(rest, attachment.Span);
        return content;
    }

    /// <summary>Returns false if the store has changed the content.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> content, out ReadOnlyMemory<byte> json, out byte[][] attachments)
    {
        var all = new List<byte[]>();
        attachments = [];
        if (!TryTake(ref content, out json)) return false;
        while (content.Length > 0)
        {
            if (!TryTake(ref content, out var attachment)) return false;
            all.Add(attachment.ToArray());
        }

        attachments = [.. all];
        return true;
    }

    private static Span<byte> Write(Span<byte> to, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, part.Length);
        part.CopyTo(to[LengthSize..]);
        return to[(LengthSize + part.Length)..];
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> content, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (content.Length < LengthSize) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(content.Span);
        if (length < 0 || length > content.Length - LengthSize) return false;
        part = content.Slice(LengthSize, length);
        content = content[(LengthSize + length)..];
        return true;
    }
}
