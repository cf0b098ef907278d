namespace SocketIOServer.Tests;

/// <summary>The connect packet is the first that a client gets in a namespace, whatever others do meanwhile (CONTRACT R-1, S6).</summary>
public sealed class ConnectPacketTests
{
    private const int Clients = 8;
    private const int Rounds = 25;

    [Fact]
    public async Task No_broadcast_comes_before_it()
    {
        await using var host = await TestHost.StartAsync();
        using var end = new CancellationTokenSource();
        var traffic = RepeatAsync(() => host.Io.EmitAsync("tick"), end.Token);

        await ConnectManyAsync(host, async client => Wire.IdOf(await client.AskAsync("40")));

        await end.CancelAsync();
        await traffic;
    }

    [Fact]
    public async Task No_emit_to_its_room_comes_before_it()
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnecting((ISocket socket) => socket.JoinAsync("room")));
        using var end = new CancellationTokenSource();
        var traffic = RepeatAsync(() => host.Io.To("room").EmitAsync("tick"), end.Token);

        await ConnectManyAsync(host, async client => Wire.IdOf(await client.AskAsync("40")));

        await end.CancelAsync();
        await traffic;
    }

    [Fact]
    public async Task A_client_that_is_disconnected_meanwhile_gets_it_before_the_disconnect_or_is_refused()
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnecting((ISocket socket) => socket.JoinAsync("room")));
        using var end = new CancellationTokenSource();
        var kicks = RepeatAsync(() => host.Io.To("room").DisconnectAsync(), end.Token);

        await ConnectManyAsync(host, async client =>
        {
            var first = await client.AskAsync("40");
            if (!first.StartsWith("44", StringComparison.Ordinal)) Assert.Equal((Wire.IdOf(first), "41"), (Wire.IdOf(first), await client.ReadAsync()));
            await client.SendAsync("40/nope,");
            Assert.StartsWith("44/nope,", await client.ReadAsync(), StringComparison.Ordinal);
        });

        await end.CancelAsync();
        await kicks;
    }

    private static Task ConnectManyAsync(TestHost host, Func<SocketClient, Task> use) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await using var client = await SocketClient.ConnectAsync(host);
                await use(client);
            }
        }));

    private static async Task RepeatAsync(Func<ValueTask> act, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await act();
            await Task.Yield();
        }
    }
}
