using System.Text;
using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.Tests.Seen;

/// <summary>What a meter sees of connections, packets and bytes, by the OpenTelemetry SDK.</summary>
[Collection(nameof(Listening))]
public sealed class TrafficTests : IDisposable
{
    private readonly Telemetry _telemetry = new();

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task Connections_are_counted_by_protocol_and_transport()
    {
        var gone = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io.OnDisconnected(() => gone.Add("gone")));
        await PollingClient.ConnectAsync(host);
        await using var old = await SocketClient.ConnectAsync(host, eio: 3);
        await using var first = await SocketClient.JoinAsync(host);
        await using var second = await SocketClient.JoinAsync(host);

        var before = _telemetry.Read("socketio.server.connections");
        await second.CloseAsync();
        await gone.NextAsync();
        var after = _telemetry.Read("socketio.server.connections");

        Assert.Equal(new() { ["engine.io/4 polling"] = 1, ["engine.io/3 websocket"] = 1, ["engine.io/4 websocket"] = 2 }, before);
        Assert.Equal(1, after["engine.io/4 websocket"]);
    }

    [Fact]
    public async Task Two_paths_of_one_server_are_counted_together()
    {
        await using var host = await TestHost.StartAsync(use: app => app.MapSocketIO("/other"));
        await PollingClient.ConnectAsync(host);
        await PollingClient.ConnectAsync(host, path: "/other/");

        Assert.Equal(new() { ["engine.io/4 polling"] = 2 }, _telemetry.Read("socketio.server.connections"));
    }

    [Fact]
    public async Task An_upgrade_moves_a_connection_from_one_transport_to_the_other()
    {
        await using var host = await TestHost.StartAsync();
        var polling = await PollingClient.JoinAsync(host);
        await using var socket = await SocketClient.OpenAsync(host, query: $"&sid={polling.Sid}");
        Assert.Equal("3probe", await socket.AskAsync("2probe"));

        await socket.SendAsync("5");

        await _telemetry.UntilAsync("socketio.server.connections", "engine.io/4 websocket", 1);
        Assert.Equal(0, _telemetry.Read("socketio.server.connections").GetValueOrDefault("engine.io/4 polling"));
    }

    [Fact]
    public async Task Packets_and_bytes_of_a_WebSocket_are_counted_both_ways()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        await using var client = await SocketClient.OpenAsync(host);
        var answers = await client.ReadAsync() + await client.AskAsync("40") + await client.AskAsync("""421["ping"]""");

        var packets = _telemetry.Read("socketio.server.packets");
        var bytes = _telemetry.Read("socketio.server.io");

        Assert.Equal(new() { ["receive websocket"] = 2, ["transmit websocket"] = 3 }, packets);
        Assert.Equal(new() { ["receive websocket"] = """40421["ping"]""".Length, ["transmit websocket"] = answers.Length }, bytes);
    }

    [Fact]
    public async Task Packets_and_bytes_of_polling_are_counted_both_ways()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        var client = await PollingClient.ConnectAsync(host);
        const string Body = "40\u001e421[\"ping\"]";
        await client.PostAsync(Body);
        var answer = await client.PollAsync();

        var packets = _telemetry.Read("socketio.server.packets");
        var bytes = _telemetry.Read("socketio.server.io");

        Assert.Equal(new() { ["receive polling"] = 2, ["transmit polling"] = 3 }, packets);
        Assert.Equal(new() { ["receive polling"] = Body.Length, ["transmit polling"] = Encoding.UTF8.GetByteCount(client.Open + answer) }, bytes);
    }

    [Fact]
    public async Task Bytes_count_as_queued_until_they_are_taken()
    {
        const string Key = "engine.io/4 polling";
        await using var stage = await Stage.StartAsync();
        var client = await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();
        await _telemetry.UntilAsync("socketio.server.queued", Key, 0);

        await socket.EmitAsync("news", new string('x', 1000));

        Assert.InRange(_telemetry.Read("socketio.server.queued")[Key], 1000, 1200);
        await client.PollAsync();
        await _telemetry.UntilAsync("socketio.server.queued", Key, 0);
    }

    [Fact]
    public async Task A_client_that_is_closed_for_being_slow_is_counted()
    {
        await using var stage = await Stage.StartAsync(options: options => options.MaxQueuedBytes = 1000);
        await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();

        for (var i = 0; i < 3; i++) await socket.EmitAsync("news", new string('x', 600));

        Assert.Equal(new() { ["polling"] = 1 }, _telemetry.Read("socketio.server.slow_clients"));
    }
}
