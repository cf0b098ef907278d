using System.Buffers.Text;
using System.Text;
using SocketIOServer.Epoll;

namespace LoadGenerator;

/// <summary>A keep-alive connection of HTTP/1.1 with one request at a time under way; of the answers only what Socket.IO's servers send.</summary>
internal sealed class HttpConnection(int port) : IDisposable
{
    private byte[] _rest = [];

    public int File { get; } = Tcp.Connect(port);

    public void Send(ReadOnlySpan<byte> request) => Tcp.Send(File, request);

    /// <summary>Reads once; false while the answer is not all there. The body lies in <paramref name="buffer"/>.</summary>
    public bool TryRead(byte[] buffer, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (!Tcp.TryReceive(File, _rest, buffer, out var bytes)) return false;
        if (bytes.IsEmpty) throw new InvalidOperationException("The server closed a connection.");
        var headers = bytes.IndexOf("\r\n\r\n"u8);
        var length = headers < 0 ? 0 : headers + 4 + ContentLength(bytes[..(headers + 2)]);
        if (headers < 0 || bytes.Length < length)
        {
            _rest = bytes.ToArray();
            return false;
        }

        if (bytes.Length > length) throw new InvalidDataException("More came than was asked for: " + Encoding.UTF8.GetString(bytes));
        _rest = [];
        body = bytes[(headers + 4)..];
        return true;
    }

    public void Dispose() => _ = Native.Close(File);

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200"u8)) throw new InvalidDataException(Encoding.UTF8.GetString(head));
        foreach (var line in head.Split("\r\n"u8))
        {
            if (head[line] is not { Length: > 15 } header || !Ascii.EqualsIgnoreCase(header[..15], "content-length:"u8)) continue;
            if (Utf8Parser.TryParse(header[15..].TrimStart((byte)' '), out int length, out _)) return length;
        }

        throw new InvalidDataException("An answer without a length: " + Encoding.UTF8.GetString(head));
    }
}
