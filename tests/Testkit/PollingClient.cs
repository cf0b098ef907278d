using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Testkit;

/// <summary>A raw polling client: what a test writes goes out as it is, what comes back is the body as it was.</summary>
public sealed class PollingClient
{
    private readonly TestHost _host;
    private readonly string _query;
    private readonly string _path;

    private PollingClient(TestHost host, int eio, string query, string sid, string open, string path)
    {
        _host = host;
        _path = path;
        _query = $"EIO={eio}&transport=polling{query}&sid={sid}";
        Sid = sid;
        Open = open;
    }

    public string Sid { get; }

    /// <summary>The body of the handshake's answer.</summary>
    public string Open { get; }

    public string Url => $"{_path}?{_query}";

    /// <param name="host">Where to.</param>
    /// <param name="eio">The revision.</param>
    /// <param name="query">More of the query, as "&amp;b64=1".</param>
    /// <param name="path">The endpoint's.</param>
    public static async Task<PollingClient> ConnectAsync(TestHost host, int eio = 4, string query = "", string path = "/socket.io/")
    {
        var open = await host.Http.GetStringAsync($"{path}?EIO={eio}&transport=polling{query}");
        var json = open[open.IndexOf('{', StringComparison.Ordinal)..(open.IndexOf('}', StringComparison.Ordinal) + 1)].Replace("\\\"", "\"", StringComparison.Ordinal);
        return new(host, eio, query, JsonDocument.Parse(json).RootElement.GetProperty("sid").GetString()!, open, path);
    }

    /// <summary>A client of revision 4 that has joined "/".</summary>
    public static async Task<PollingClient> JoinAsync(TestHost host)
    {
        var client = await ConnectAsync(host);
        await client.PostAsync("40");
        await client.PollAsync();
        return client;
    }

    public async Task<string> PollAsync()
    {
        using var response = await GetAsync();
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<byte[]> PollBytesAsync()
    {
        using var response = await GetAsync();
        return await response.Content.ReadAsByteArrayAsync();
    }

    public Task<HttpResponseMessage> GetAsync(CancellationToken cancel = default) => _host.Http.GetAsync(new Uri(Url, UriKind.Relative), cancel);

    /// <summary>Returns status and body of the answer.</summary>
    public Task<(int Status, string Body)> PostAsync(string body) => PostAsync(Encoding.UTF8.GetBytes(body), "text/plain;charset=UTF-8");

    public async Task<(int Status, string Body)> PostAsync(byte[] body, string contentType)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var response = await _host.Http.PostAsync(new Uri(Url, UriKind.Relative), content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
