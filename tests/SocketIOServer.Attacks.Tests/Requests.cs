using System.Text;

namespace SocketIOServer.Attacks.Tests;

/// <summary>HTTP requests, written byte by byte on connections of their own.</summary>
internal static class Requests
{
    public const string Polling = "/socket.io/?EIO=4&transport=polling";
    public const string WebSocket = "/socket.io/?EIO=4&transport=websocket";

    public static byte[] Bytes(string method, string target, byte[]? body = null, string headers = "") =>
    [
        .. Encoding.Latin1.GetBytes($"{method} {target} HTTP/1.1\r\nHost: x\r\n{headers}{(body is null ? "" : $"Content-Length: {body.Length}\r\n")}\r\n"),
        .. body ?? [],
    ];

    public static async Task<Reply> AskAsync(this TestHost host, string method, string target, byte[]? body = null, string headers = "")
    {
        await using var raw = await RawConnection.OpenAsync(host.Address);
        await raw.SendAsync(Bytes(method, target, body, headers));
        return await Reply.ReadAsync(raw, method != "HEAD");
    }

    public static Task<Reply> GetAsync(this TestHost host, string target, string headers = "") => host.AskAsync("GET", target, null, headers);
}
