using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Epoll.Tests;

/// <summary>As much of HTTP as these tests speak, on both sides.</summary>
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

    public static Task AnswerAsync(this HttpContext context, string text)
    {
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }

    /// <summary>The body back, once it is all there: not every client reads before it has sent.</summary>
    public static async Task EchoAsync(this HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
    }

    /// <summary>Bytes of which each place is known.</summary>
    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 31 + (i >> 12));
        return bytes;
    }
}
