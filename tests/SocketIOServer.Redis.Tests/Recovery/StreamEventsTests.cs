using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Redis.Tests.Recovery;

/// <summary>Events that clients send again, and durable events in memory, move with a session over a real Redis.</summary>
public sealed class StreamEventsTests : IAsyncLifetime
{
    private readonly List<TestHost> _hosts = [];
    private readonly List<RecoveringClient> _clients = [];
    private readonly Channel<ISocket> _joined = Channel.CreateUnbounded<ISocket>();
    private readonly ConcurrentQueue<string> _handled = new();
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        for (var i = 0; i < 2; i++) await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task An_event_whose_ack_was_lost_with_the_connection_is_handled_once_and_acked(int server, bool isGone)
    {
        var (client, _) = await JoinAsync(0);
        await client.Client.SendAsync("""420["order","tea","k1"]""");
        await Eventually.TrueAsync(() => _handled.Count == 1, "the event is not handled");
        await CutAsync(client);
        if (isGone) await StopFirstAsync();
        await ReturnAsync(client, isGone ? 0 : server);

        Assert.True(client.Recovered);
        await client.Client.SendAsync("""421["order","tea","k1"]""");
        Assert.Equal("""431["tea is order 1"]""", await client.Client.ReadAsync());
        await client.Client.SendAsync("""422["order","cake","k2"]""");
        Assert.Equal("""432["cake is order 2"]""", await client.Client.ReadAsync());
        Assert.Equal(["tea", "cake"], _handled);
    }

    /// <summary>As a client with retries: one event after the other, each again until it is acked, with a cut behind every third one.</summary>
    [Fact]
    public async Task Each_event_of_a_client_with_retries_is_handled_once_while_it_moves_to_and_fro()
    {
        const int Count = 60;
        var (client, _) = await JoinAsync(0);
        for (var i = 0; i < Count; i++)
        {
            await client.Client.SendAsync($"""420["order","{i}","key {i}"]""");
            if (i % 3 == 0)
            {
                await Eventually.TrueAsync(() => _handled.Count == i + 1, "the event is not handled");
                await CutAsync(client);
                await ReturnAsync(client, (i + 1) % 2);
                Assert.True(client.Recovered);
                await client.Client.SendAsync($"""420["order","{i}","key {i}"]""");
            }

            Assert.Equal($"""430["{i} is order {i + 1}"]""", await client.Client.ReadAsync());
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), _handled);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task Durable_events_arrive_once_and_in_order(int server, bool isGone)
    {
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 5; i++) await socket.Durable.EmitAsync("news", i);
        for (var i = 0; i < 5; i++) Assert.Equal($"""42{i}["news",{i}]""", await client.Client.ReadAsync());
        await client.Client.SendAsync("430[]");
        await client.Client.SendAsync("431[]");
        await client.Client.SendAsync("""429["order","tea","k1"]""");
        Assert.Equal("""439["tea is order 1"]""", await client.Client.ReadAsync());
        await CutAsync(client);
        if (isGone) await StopFirstAsync();
        var moved = await ReturnAsync(client, isGone ? 0 : server);

        Assert.True(client.Recovered);
        for (var i = 0; i < 3; i++) Assert.Equal($"""42{i}["news",{i + 2}]""", await client.Client.ReadAsync());
        await moved.Durable.EmitAsync("news", 5);
        Assert.Equal("""423["news",5]""", await client.Client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_acks_everything_gets_every_durable_event_once_while_it_moves_to_and_fro()
    {
        const int Count = 60;
        var (client, socket) = await JoinAsync(0);
        var got = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            await socket.Durable.EmitAsync("news", i);
            if (i % 3 == 0)
            {
                // Before the client has read it.
                await CutAsync(client);
                socket = await ReturnAsync(client, (i + 1) % 2);
                Assert.True(client.Recovered);
            }

            var text = await client.Client.ReadAsync();
            got.Add(text[text.IndexOf('[', StringComparison.Ordinal)..]);
            await client.Client.SendAsync($"43{text[2..text.IndexOf('[', StringComparison.Ordinal)]}[]");
            // So that the ack has come before the next cut.
            await client.Client.SendAsync("""429["alive"]""");
            Assert.Equal("439[]", await client.Client.ReadAsync());
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"""["news",{i}]"""), got);
    }

    [Fact]
    public async Task A_durable_event_that_nobody_would_get_is_refused()
    {
        var (client, socket) = await JoinAsync(0);
        await CutAsync(client);

        // Redis has the session before the server knows it.
        await Eventually.TrueAsync(() => ContextOf(0).RecoveryStore!.SessionCount == 0, "the server still has the session");
        await Assert.ThrowsAsync<InvalidOperationException>(() => socket.Durable.EmitAsync("news").AsTask());
        await ReturnAsync(client, 1);
        Assert.True(client.Recovered);
    }

    [Fact]
    public async Task A_session_in_Redis_is_no_larger_than_64_KiB_with_its_events()
    {
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 2; i++) await socket.Durable.EmitAsync("large", new string('a', 30_000));
        client.Cut();
        await Eventually.TrueAsync(() => _hosts[0].Log.Lines.Any(line => line.Id.Id == 121), "the server does not say so");
        Assert.Equal(0, (long)await _redis.ExecuteAsync("EXISTS", "sio:session:" + client.Pid));

        await ReturnAsync(client, 1);
        Assert.True(client.Recovered);
        for (var i = 0; i < 2; i++) Assert.StartsWith($$"""42{{i}}["large",""", await client.Client.ReadAsync(), StringComparison.Ordinal);
    }

    private Events.ServerContext ContextOf(int server) => _hosts[server].Services.GetRequiredService<SocketServer>().Context;

    private async Task StartAsync() => _hosts.Add(await TestHost.StartAsync(
        io => io
            .OnConnected((ISocket socket) => { _joined.Writer.TryWrite(socket); })
            .On("alive", () => { })
            .On("order", (string what, [RetryKey] string key) =>
            {
                _handled.Enqueue(what);
                return $"{what} is order {_handled.Count}";
            }),
        o => (o.Recovery, o.Inbox) = (new(), new()),
        builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO().AddRedisStreams(_redis.Configuration)));

    private async Task StopFirstAsync()
    {
        var first = _hosts[0];
        _hosts.RemoveAt(0);
        await first.DisposeAsync();
    }

    private async Task<(RecoveringClient Client, ISocket Socket)> JoinAsync(int server)
    {
        var client = new RecoveringClient(_hosts[server]);
        _clients.Add(client);
        await client.ConnectAsync();
        return (client, await _joined.Reader.ReadAsync().AsTask().Soon());
    }

    // Until the session is where each server finds it.
    private async Task CutAsync(RecoveringClient client)
    {
        client.Cut();
        await Eventually.TrueAsync(async () => (long)await _redis.ExecuteAsync("EXISTS", "sio:session:" + client.Pid) == 1, "the session is not saved");
    }

    private async Task<ISocket> ReturnAsync(RecoveringClient client, int server)
    {
        client.Host = _hosts[server];
        await client.ConnectAsync();
        return await _joined.Reader.ReadAsync().AsTask().Soon();
    }
}
