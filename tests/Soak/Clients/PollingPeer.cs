using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace SocketIOServer.Soak.Clients;

/// <summary>A polling client of either revision. Packets are ASCII texts.</summary>
internal sealed class PollingPeer
{
    private readonly HttpClient _http;
    private readonly int _eio;

    private readonly bool _isIn;

    private PollingPeer(HttpClient http, int eio, string sid, bool isIn) => (_http, _eio, Sid, _isIn) = (http, eio, sid, isIn);

    public string Sid { get; }

    /// <summary>Path and query of its requests.</summary>
    public string Url => $"/socket.io/?EIO={_eio}&transport=polling&sid={Sid}";

    public static async Task<PollingPeer> OpenAsync(HttpClient http, int eio = 4)
    {
        var open = await http.GetStringAsync(new Uri($"/socket.io/?EIO={eio}&transport=polling", UriKind.Relative));
        using var json = JsonDocument.Parse(open[open.IndexOf('{', StringComparison.Ordinal)..(open.IndexOf('}', StringComparison.Ordinal) + 1)]);
        // A client of revision 3 is told that it is in "/" without asking, perhaps in the same body.
        return new(http, eio, json.RootElement.GetProperty("sid").GetString()!, open.Contains("2:40", StringComparison.Ordinal));
    }

    /// <summary>Joins "/" as well.</summary>
    public static async Task<PollingPeer> JoinAsync(HttpClient http, int eio = 4)
    {
        var peer = await OpenAsync(http, eio);
        if (eio == 4) Promise.Equal(200, await peer.PostAsync("40"), "the answer to a connect packet");
        while (!peer._isIn && await peer.PollAsync() is { } packets && !packets.Exists(packet => packet.StartsWith("40", StringComparison.Ordinal)))
        {
        }

        return peer;
    }

    /// <summary>The packets that came; a ping is answered. Null: the server does not know the session any more.</summary>
    public async Task<List<string>?> PollAsync(CancellationToken cancel = default)
    {
        using var response = await _http.GetAsync(new Uri(Url, UriKind.Relative), cancel);
        if (!response.IsSuccessStatusCode) return null;
        var packets = Split(await response.Content.ReadAsStringAsync(cancel));
        if (_eio == 4 && packets.Contains("2")) await PostAsync("3");
        return packets;
    }

    /// <summary>The status of the answer.</summary>
    public async Task<int> PostAsync(params IEnumerable<string> packets)
    {
        var body = _eio == 4 ? string.Join('\u001e', packets) : string.Concat(packets.Select(packet => $"{packet.Length}:{packet}"));
        using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var response = await _http.PostAsync(new Uri(Url, UriKind.Relative), content);
        return (int)response.StatusCode;
    }

    private List<string> Split(string body)
    {
        if (_eio == 4) return [.. body.Split('\u001e')];
        var packets = new List<string>();
        while (body.Length > 0)
        {
            var colon = body.IndexOf(':', StringComparison.Ordinal);
            var end = colon + 1 + int.Parse(body[..colon], CultureInfo.InvariantCulture);
            packets.Add(body[(colon + 1)..end]);
            body = body[end..];
        }

        return packets;
    }
}
