using System.Net.WebSockets;
using System.Text;

namespace Testkit;

/// <summary>A raw WebSocket client: text and binary frames in the words of the wire.</summary>
public sealed class SocketClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    public ClientWebSocket Raw => _socket;

    /// <summary>A client of a server that is none of ours; its open packet is read.</summary>
    public static async Task<SocketClient> ConnectAsync(Uri server)
    {
        var client = new SocketClient();
        using var patience = new CancellationTokenSource(TestHost.Patience);
        await client._socket.ConnectAsync(new Uri($"ws://{server.Authority}/socket.io/?EIO=4&transport=websocket"), new HttpMessageInvoker(new SocketsHttpHandler()), patience.Token);
        await client.ReadAsync();
        return client;
    }

    /// <summary>Opens the WebSocket and reads nothing.</summary>
    public static async Task<SocketClient> OpenAsync(TestHost host, int eio = 4, string query = "", Action<ClientWebSocketOptions>? options = null, string path = "/socket.io/")
    {
        var client = new SocketClient();
        options?.Invoke(client._socket.Options);
        using var patience = new CancellationTokenSource(TestHost.Patience);
        await client._socket.ConnectAsync(
            new Uri($"ws://{host.Address.Authority}{path}?EIO={eio}&transport=websocket{query}"), new HttpMessageInvoker(new SocketsHttpHandler()), patience.Token);
        return client;
    }

    /// <summary>Opens it and reads the open packet.</summary>
    public static async Task<SocketClient> ConnectAsync(TestHost host, int eio = 4, string query = "", string path = "/socket.io/")
    {
        var client = await OpenAsync(host, eio, query, path: path);
        await client.ReadAsync();
        return client;
    }

    /// <summary>A client of revision 4 that has joined a namespace.</summary>
    public static async Task<SocketClient> JoinAsync(TestHost host, string name = "/")
    {
        var client = await ConnectAsync(host);
        await client.SendAsync(name == "/" ? "40" : $"40{name},");
        await client.ReadAsync();
        return client;
    }

    public async Task SendAsync(string text)
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, patience.Token);
    }

    public async Task SendAsync(byte[] data, bool isLast = true)
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        await _socket.SendAsync(data, WebSocketMessageType.Binary, isLast, patience.Token);
    }

    /// <summary>The next text; a binary frame as "b:" and hex; "closed" and the code at the end.</summary>
    public async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(buffer, patience.Token);
                if (result.MessageType == WebSocketMessageType.Close) return $"closed {(int?)result.CloseStatus}";
                message.Write(buffer, 0, result.Count);
                if (!result.EndOfMessage) continue;
                return result.MessageType == WebSocketMessageType.Text
                    ? Encoding.UTF8.GetString(message.ToArray())
                    : "b:" + Convert.ToHexStringLower(message.ToArray());
            }
        }
        catch (WebSocketException)
        {
            return "aborted";
        }
    }

    public async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }
}
