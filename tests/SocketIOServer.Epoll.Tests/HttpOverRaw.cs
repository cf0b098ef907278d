using System.Globalization;
using System.Text;

namespace SocketIOServer.Epoll.Tests;

/// <summary>As much of HTTP as these tests speak.</summary>
internal static class HttpOverRaw
{
    public static Task GetAsync(this RawConnection raw, string path) => raw.SendAsync($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");

    public static Task StartPostAsync(this RawConnection raw, long length) => raw.SendAsync($"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n");

    /// <summary>The body of the next answer, which must have a Content-Length.</summary>
    public static async Task<string> ReadBodyAsync(this RawConnection raw)
    {
        const string Length = "Content-Length: ";
        var head = await raw.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        var line = head.Split("\r\n").Single(line => line.StartsWith(Length, StringComparison.Ordinal));
        return Encoding.UTF8.GetString(await raw.ReadAsync(int.Parse(line.AsSpan(Length.Length), CultureInfo.InvariantCulture)));
    }

    /// <summary>Bytes of which each place is known.</summary>
    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 31 + (i >> 12));
        return bytes;
    }
}
