using System.IO.Compression;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>The result of decompression.</summary>
internal enum InflateResult
{
    Done,
    Broken,
    TooLarge,
}

/// <summary>
/// permessage-deflate (RFC 7692) without context takeover. Each message is compressed by itself, so a connection needs no memory for a window, and the
/// compressed form of a broadcast is the same for all receivers.
/// </summary>
internal static class Deflate
{
    // The end of a sync flush, which is not sent (RFC 7692, 7.2.1).
    private const int TailBytes = 4;

    // The same and an empty last block. Without that block, the framework treats the stream as truncated.
    private static readonly byte[] End = [0, 0, 0xff, 0xff, 3, 0];

    public static InflateResult TryInflate(ReadOnlySpan<byte> data, long maxBytes, out ReadOnlyMemory<byte> inflated)
    {
        inflated = default;
        try
        {
            using var input = new MemoryStream([.. data, .. End]);
            using var inflater = new DeflateStream(input, CompressionMode.Decompress);
            using var output = new MemoryStream();
            Span<byte> chunk = stackalloc byte[4096];
            while (inflater.Read(chunk) is > 0 and var count)
            {
                if (output.Length + count > maxBytes) return InflateResult.TooLarge;
                output.Write(chunk[..count]);
            }

            inflated = output.GetBuffer().AsMemory(0, (int)output.Length);
            return InflateResult.Done;
        }
        catch (InvalidDataException)
        {
            return InflateResult.Broken;
        }
    }

    public static byte[] Compress(ReadOnlySpan<byte> data)
    {
        using var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflater.Write(data);
            deflater.Flush();
            // The bytes that Dispose adds are not needed.
            return output.GetBuffer().AsSpan(0, (int)output.Length - TailBytes).ToArray();
        }
    }
}
