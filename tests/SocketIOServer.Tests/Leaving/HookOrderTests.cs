using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Tests.Seen;

namespace SocketIOServer.Tests.Leaving;

/// <summary>
/// For every socket that was let in OnConnected begins once, and OnDisconnecting and OnDisconnected run once and afterwards, however short its stay
/// was. A counter that goes up and down with them ends at zero.
/// </summary>
[Collection(nameof(Listening))]
public sealed class HookOrderTests
{
    private const int Clients = 40;

    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _notes = new();

    [Fact]
    public async Task A_client_that_resets_right_behind_its_CONNECT()
    {
        await AssertOrderAsync(Map, async host =>
        {
            await using var client = await SocketClient.ConnectAsync(host);
            await client.SendAsync("40");
            client.Raw.Abort();
        });
    }

    [Fact]
    public async Task A_client_that_leaves_at_once()
    {
        await AssertOrderAsync(Map, async host =>
        {
            await using var client = await SocketClient.ConnectAsync(host);
            await client.SendAsync("40", "41");
            await client.CloseAsync();
        });
        Assert.Equal(Clients, _notes.Count);
    }

    [Fact]
    public async Task A_polling_client_that_connects_and_closes_with_one_body()
    {
        await AssertOrderAsync(Map, async host => await (await PollingClient.ConnectAsync(host)).PostAsync("40\u001e1"));
        Assert.Equal(Clients, _notes.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_OnConnected_disconnects(bool close)
    {
        await AssertOrderAsync(
            io =>
            {
                io.OnConnected((ISocket socket) => socket.DisconnectAsync(close));
                Map(io);
            },
            async host => await (await SocketClient.JoinAsync(host)).CloseAsync());
        Assert.Equal(Clients, _notes.Count);
    }

    // The very instant between the namespace's yes and OnConnected: the connect packet is being written, and a meter is told of it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_is_disconnected_while_its_connect_packet_is_written(bool close)
    {
        await using var host = await TestHost.StartAsync(Map);
        using var meter = Watch(host, () => host.Io.DisconnectAsync(close));
        await using var client = await SocketClient.ConnectAsync(host);

        Wire.IdOf(await client.AskAsync("40"));
        Assert.Equal("41", await client.ReadAsync());
        await host.StopInTimeAsync();

        AssertOrder();
        Assert.Single(_notes);
    }

    private async Task AssertOrderAsync(Action<SocketEndpointBuilder> map, Func<TestHost, Task> visit)
    {
        await using var host = await TestHost.StartAsync(map);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => visit(host)));
        await host.StopInTimeAsync();

        AssertOrder();
        Assert.Empty(host.Log.Errors);
    }

    private void AssertOrder() => Assert.All(_notes.Values, notes => Assert.Equal(["connected", "disconnecting", "disconnected"], notes));

    private void Map(SocketEndpointBuilder io) => io
        .OnConnected((ISocket socket) => Note(socket, "connected"))
        .OnDisconnecting((ISocket socket) => Note(socket, "disconnecting"))
        .OnDisconnected((ISocket socket) => Note(socket, "disconnected"));

    private void Note(ISocket socket, string what) => _notes.GetOrAdd(socket.Id, static _ => new()).Enqueue(what);

    // Of the packets that go out the first is the open packet, and the second the connect packet.
    private static MeterListener Watch(TestHost host, Func<ValueTask> onSecond)
    {
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        var count = 0;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "socketio.server.packets" && ReferenceEquals(instrument.Meter.Scope, factory)) listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag.Value is "transmit" && Interlocked.Increment(ref count) == 2) _ = onSecond().AsTask();
            }
        });
        listener.Start();
        return listener;
    }
}
