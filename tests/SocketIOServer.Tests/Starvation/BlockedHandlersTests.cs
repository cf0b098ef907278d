using System.Net.WebSockets;
using System.Text;

namespace SocketIOServer.Tests.Starvation;

/// <summary>Handlers that keep their threads, in larger numbers than there are threads, delay their own connections only.</summary>
public sealed class BlockedHandlersTests
{
    private const int Blocked = 100;
    private const int Others = 40;

    [Theory]
    [InlineData("sockets")]
    [InlineData("epoll")]
    public async Task A76_While_a_hundred_handlers_block_other_clients_get_answers_and_keep_their_connections(string transport)
    {
        // The handlers block several times as long as a client may be silent, and longer than anything here waits.
        await using var server = await ServerProcess.StartAsync("--host", "socket", "--transport", transport, "--ping-interval", "1000", "--ping-timeout", "10000");
        var others = await ConnectAsync(server.Address, Others);
        var blocked = await ConnectAsync(server.Address, Blocked);

        foreach (var client in blocked) await SendAsync(client, """420["block",60000]""");
        var firstEnd = Task.WhenAny(blocked.Select(client => ReadUntilAsync(client, "430")));
        var answered = Task.WhenAll(others.Select(AnswerTwoPingsAsync));

        // A comparison of two events, and no time: the handlers end long after the last of these on any machine.
        Assert.Same(answered, await Task.WhenAny(answered, firstEnd));
        await answered;
        Assert.True(server.IsRunning);
        foreach (var client in others.Concat(blocked)) client.Dispose();
    }

    // It sends one event after the other meanwhile, and each is answered.
    private static async Task AnswerTwoPingsAsync(ClientWebSocket client)
    {
        for (var pings = 0; pings < 2;)
        {
            await SendAsync(client, """42["message",1]""");
            if (await ReadUntilAsync(client, """42["message-back",1]""")) pings++;
        }
    }

    // True: a ping came before, and was answered.
    private static async Task<bool> ReadUntilAsync(ClientWebSocket client, string expected)
    {
        var isPinged = false;
        while (true)
        {
            var text = await ReadAsync(client);
            if (text.StartsWith(expected, StringComparison.Ordinal)) return isPinged;
            Assert.Equal("2", text);
            await SendAsync(client, "3");
            isPinged = true;
        }
    }

    private static async Task<ClientWebSocket[]> ConnectAsync(Uri server, int count)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectAsync(server, invoker)));
    }

    private static async Task<ClientWebSocket> ConnectAsync(Uri server, HttpMessageInvoker invoker)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new($"ws://{server.Authority}/socket.io/?EIO=4&transport=websocket"), invoker, default);
        await ReadAsync(client);
        await SendAsync(client, "40");
        await ReadUntilAsync(client, "40");
        await ReadUntilAsync(client, """42["auth",""");
        return client;
    }

    private static Task SendAsync(ClientWebSocket client, string text) => client.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, default);

    private static async Task<string> ReadAsync(ClientWebSocket client)
    {
        var buffer = new byte[1024];
        var result = await client.ReceiveAsync(buffer, default).Soon();
        return result.MessageType == WebSocketMessageType.Close ? $"closed {client.CloseStatus}" : Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
