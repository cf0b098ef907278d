using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace SocketIOServer.Tests.Faults;

/// <summary>The same words over either transport: one packet at a time.</summary>
internal abstract class WireClient : IAsyncDisposable
{
    /// <summary>Opens a session, and reads the open packet.</summary>
    /// <exception cref="HttpRequestException">The handshake was refused.</exception>
    /// <exception cref="WebSocketException">As above.</exception>
    public static async Task<WireClient> OpenAsync(string transport, HttpClient http, string? header = null)
    {
        WireClient client = transport == "websocket" ? new Socket() : new Poller(http, header);
        try
        {
            await client.OpenAsync(http.BaseAddress!, header);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public abstract Task SendAsync(string packet);

    /// <summary>Null: the session has ended.</summary>
    public abstract Task<string?> ReadAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task OpenAsync(Uri address, string? header);

    private sealed class Socket : WireClient
    {
        private readonly ClientWebSocket _socket = new();
        private readonly byte[] _buffer = new byte[16 * 1024];

        public override async Task SendAsync(string packet)
        {
            using var patience = new CancellationTokenSource(TestHost.Patience);
            await _socket.SendAsync(Encoding.UTF8.GetBytes(packet), WebSocketMessageType.Text, true, patience.Token);
        }

        public override async Task<string?> ReadAsync()
        {
            using var patience = new CancellationTokenSource(TestHost.Patience);
            var result = await _socket.ReceiveAsync(_buffer, patience.Token);
            return result.MessageType == WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(_buffer, 0, result.Count);
        }

        public override async ValueTask DisposeAsync()
        {
            using var patience = new CancellationTokenSource(TestHost.Patience);
            if (_socket.State == WebSocketState.Open) await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            _socket.Dispose();
        }

        protected override async Task OpenAsync(Uri address, string? header)
        {
            if (header is not null) _socket.Options.SetRequestHeader(header, "https://elsewhere.example");
            using var patience = new CancellationTokenSource(TestHost.Patience);
            await _socket.ConnectAsync(new Uri($"ws://{address.Authority}/socket.io/?EIO=4&transport=websocket"), patience.Token);
            await ReadAsync();
        }
    }

    private sealed class Poller(HttpClient http, string? header) : WireClient
    {
        private readonly Queue<string> _read = new();
        private string _sid = "";

        public override async Task SendAsync(string packet)
        {
            using var request = Request(HttpMethod.Post);
            request.Content = new StringContent(packet);
            using var response = await http.SendAsync(request);
            response.EnsureSuccessStatusCode();
        }

        public override async Task<string?> ReadAsync()
        {
            if (_read.Count == 0 && !await PollAsync()) return null;
            var packet = _read.Dequeue();
            return packet == "1" ? null : packet;
        }

        public override async ValueTask DisposeAsync()
        {
            if (_sid.Length == 0) return;
            using var request = Request(HttpMethod.Post);
            request.Content = new StringContent("1");
            using var response = await http.SendAsync(request);
            // The server remembers the session until its farewell was polled.
            if (response.IsSuccessStatusCode) await PollAsync();
        }

        protected override async Task OpenAsync(Uri address, string? header)
        {
            using var request = Request(HttpMethod.Get);
            using var response = await http.SendAsync(request);
            response.EnsureSuccessStatusCode();
            var open = await response.Content.ReadAsStringAsync();
            _sid = "&sid=" + JsonDocument.Parse(open[1..]).RootElement.GetProperty("sid").GetString();
        }

        private async Task<bool> PollAsync()
        {
            using var request = Request(HttpMethod.Get);
            using var response = await http.SendAsync(request);
            if (!response.IsSuccessStatusCode) return false;
            foreach (var packet in (await response.Content.ReadAsStringAsync()).Split('\x1e')) _read.Enqueue(packet);
            return true;
        }

        private HttpRequestMessage Request(HttpMethod method)
        {
            var request = new HttpRequestMessage(method, new Uri($"/socket.io/?EIO=4&transport=polling{_sid}", UriKind.Relative));
            if (header is not null) request.Headers.Add(header, "https://elsewhere.example");
            return request;
        }
    }
}
