using System.Text;

namespace LoadGenerator;

/// <summary>
/// One client of Engine.IO's long polling, as a browser does it: a GET always waits on one keep-alive connection,
/// POSTs go one after the other on a second (engine.io-protocol v4, "HTTP long-polling").
/// </summary>
internal sealed class PollingConnection : Connection
{
    private const byte Separator = 0x1e;

    private readonly HttpConnection _get;
    private readonly HttpConnection _post;
    private readonly string _path;
    private readonly string _host;
    private byte[] _getRequest;
    private byte[] _postHead = [];      // up to the value of Content-Length
    private byte[] _waiting = [];       // packets for the next POST
    private bool _isPosting;

    public PollingConnection(Dialect dialect, int index, int port, string path)
        : base(dialect, index)
    {
        (_get, _post) = (new HttpConnection(port), new HttpConnection(port));
        (_path, _host) = (path, $"Host: 127.0.0.1:{port}\r\n");
        _getRequest = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{_host}\r\n");
        SayNextStep();
        _get.Send(_getRequest);
    }

    public override void Watch(Poller poller)
    {
        poller.Add(_get.File, Index);
        poller.Add(_post.File, Index);
    }

    /// <summary>One packet. While a POST is under way it waits, and leaves with all that have come meanwhile.</summary>
    public override void Send(ReadOnlySpan<byte> bytes)
    {
        if (!_isPosting) Post(bytes);
        else if (_waiting.Length == 0) _waiting = bytes.ToArray();
        else _waiting = [.. _waiting, Separator, .. bytes];
    }

    public override void Read(int file, byte[] buffer, Scenario scenario)
    {
        if (file == _get.File) ReadPackets(buffer, scenario);
        else ReadPosted(buffer);
    }

    public override void Dispose()
    {
        _get.Dispose();
        _post.Dispose();
    }

    private void ReadPackets(byte[] buffer, Scenario scenario)
    {
        if (!_get.TryRead(buffer, out var packets)) return;
        if (_postHead.Length == 0) TakeSession(packets);
        for (int end; (end = packets.IndexOf(Separator)) >= 0; packets = packets[(end + 1)..])
            Dialect.Receive(this, Frames.Text, packets[..end], scenario);
        Dialect.Receive(this, Frames.Text, packets, scenario);
        _get.Send(_getRequest);
    }

    private void ReadPosted(byte[] buffer)
    {
        if (!_post.TryRead(buffer, out var answer)) return;
        if (!Ascii.EqualsIgnoreCase(answer, "ok"u8)) throw new InvalidDataException("A POST was answered with " + Encoding.UTF8.GetString(answer));
        _isPosting = false;
        if (_waiting.Length == 0) return;
        Post(_waiting);
        _waiting = [];
    }

    private void Post(ReadOnlySpan<byte> body)
    {
        Span<byte> request = stackalloc byte[_postHead.Length + 16 + body.Length];
        _postHead.CopyTo(request);
        var length = _postHead.Length;
        body.Length.TryFormat(request[length..], out var digits);
        length += digits;
        "\r\n\r\n"u8.CopyTo(request[length..]);
        length += 4;
        body.CopyTo(request[length..]);
        _post.Send(request[..(length + body.Length)]);
        _isPosting = true;
    }

    /// <summary>From 0{"sid":"...",... to the requests that name the session.</summary>
    private void TakeSession(ReadOnlySpan<byte> packets)
    {
        var start = packets.IndexOf("\"sid\":\""u8) + 7;
        var length = start < 7 ? -1 : packets[start..].IndexOf((byte)'"');
        if (length < 0) throw new InvalidDataException("No handshake: " + Encoding.UTF8.GetString(packets));
        var path = $"{_path}&sid={Encoding.UTF8.GetString(packets.Slice(start, length))} HTTP/1.1\r\n{_host}";
        _getRequest = Encoding.ASCII.GetBytes($"GET {path}\r\n");
        _postHead = Encoding.ASCII.GetBytes($"POST {path}Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ");
    }
}
