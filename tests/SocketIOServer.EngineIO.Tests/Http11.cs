using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Requests by their bytes: any Host, any Origin, whatever a client sends.</summary>
internal static partial class Http11
{
    /// <summary>What opens a WebSocket.</summary>
    public const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

    /// <param name="host">Where to.</param>
    /// <param name="query">Of the endpoint.</param>
    /// <param name="headers">Lines, each with its end; {HOST} is the server's own address.</param>
    /// <param name="method">GET, or POST with a packet as the body.</param>
    /// <returns>Status, head and body.</returns>
    public static async Task<(int Status, string Head, string Body)> AskAsync(EngineHost host, string query, string headers, string method = "GET")
    {
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        headers = headers.Replace("{HOST}", host.Web.Address.Authority, StringComparison.Ordinal);
        if (!headers.Contains("Host:", StringComparison.Ordinal)) headers += $"Host: {host.Web.Address.Authority}\r\n";
        var body = method == "POST" ? "4hi" : "";
        await raw.SendAsync($"{method} {EngineHost.Path}{query} HTTP/1.1\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}");
        var head = await raw.ReadHeadAsync();
        var length = Length.Match(head) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return (int.Parse(head.Split(' ')[1], CultureInfo.InvariantCulture), head, Encoding.UTF8.GetString(await raw.ReadAsync(length)));
    }

    /// <summary>The same headers by GET, by POST to a session of a program's, by WebSocket and by an upgrade.</summary>
    public static async Task<(int Get, int Post, int WebSocket)> AskAllAsync(EngineHost host, string headers, int eio = 4)
    {
        var get = await AskAsync(host, $"?EIO={eio}&transport=polling", headers);
        var client = await host.PollAsync();
        var post = await AskAsync(host, client.Url[client.Url.IndexOf('?', StringComparison.Ordinal)..], headers, "POST");
        var webSocket = await AskAsync(host, $"?EIO={eio}&transport=websocket", headers + Upgrade);
        return (get.Status, post.Status, webSocket.Status);
    }

    [GeneratedRegex("Content-Length: ([0-9]+)")]
    private static partial Regex Length { get; }
}
