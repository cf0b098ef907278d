using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Testing;

namespace SocketIOServer.Tests.Seen;

/// <summary>What a meter sees of handlers, namespaces and refusals, by the OpenTelemetry SDK.</summary>
[Collection(nameof(Listening))]
public sealed class HandlerMetricTests : IDisposable
{
    private const string Duration = "socketio.server.event.duration";
    private const string Refusals = "socketio.server.refusals";

    private readonly Telemetry _telemetry = new();

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task A_handlers_time_is_measured_in_seconds_by_the_servers_clock()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.On("work", (TimeProvider time) => ((FakeClock)time).Advance(TimeSpan.FromSeconds(1.5)));
            io.Of("/chat").OnPing();
        });
        await using var client = await SocketClient.JoinAsync(host);

        await client.AskAsync("""421["work"]""");
        await client.AskAsync("40/chat,");
        await client.AskAsync("""42/chat,1["ping"]""");

        await _telemetry.UntilAsync(Duration, "work /", 1.5);
        await _telemetry.UntilAsync(Duration, "ping /chat", 0);
    }

    [Fact]
    public async Task The_meter_is_the_applications_own()
    {
        await using var host = await TestHost.StartAsync();
        var names = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "SocketIOServer" && instrument.Meter.Scope == host.Services.GetRequiredService<IMeterFactory>()) names.Add(instrument.Name);
        };

        listener.Start();

        Assert.Equal(11, names.Count);
        Assert.All(names, name => Assert.StartsWith("socketio.server.", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""421["fail"]""", "System.InvalidOperationException fail /")]
    [InlineData("""421["number","x"]""", "invalid_arguments number /")]
    [InlineData("""421["answer"]""", "answer /")]
    public async Task What_a_handler_ended_with_stands_beside_its_time(string packet, string attributes)
    {
        await using var host = await TestHost.StartAsync(io => io
            .On("fail", void () => throw new InvalidOperationException("no"))
            .On("number", (int _) => "ok")
            .On("answer", void () => throw new AckException("no"))
            .OnPing());
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync(packet);
        await client.SendAsync("""422["ping"]""");

        await Eventually.TrueAsync(() => _telemetry.Read(Duration).ContainsKey(attributes), () => string.Join(", ", _telemetry.Read(Duration)));
    }

    [Fact]
    public async Task A_name_that_the_client_chose_is_never_an_attribute()
    {
        await using var host = await TestHost.StartAsync(io => io.OnAny((string name) => { }).OnPing());
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < 10; i++) await client.SendAsync($"""42["made-up-{i}"]""");
        await client.AssertAliveAsync();

        await Eventually.TrueAsync(() => _telemetry.Read(Duration).Count == 2, () => string.Join(", ", _telemetry.Read(Duration)));
        Assert.Equal(["OnAny /", "ping /"], _telemetry.Read(Duration).Keys.Order());
    }

    [Fact]
    public async Task Sockets_are_counted_by_namespace()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        await stage.JoinAsync(member, "/chat");
        await stage.JoinAsync();
        var before = _telemetry.Read("socketio.server.sockets");

        await member.Socket.DisconnectAsync();

        Assert.Equal((2, 1), (before["/"], before["/chat"]));
        Assert.Equal(1, _telemetry.Read("socketio.server.sockets")["/"]);
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.Of("/closed").OnConnecting(void () => throw new ConnectionRefusedException("no"));
            io.Of("/broken").OnConnecting(void () => throw new InvalidOperationException("no"));
            io.Of("/picky").OnConnecting(([FromAuth] int number) => { });
        });
        using var unknown = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling&sid=x");
        using var unsupported = await host.Http.GetAsync("/socket.io/?EIO=9&transport=polling");
        await using var client = await SocketClient.ConnectAsync(host);

        foreach (var name in (string[])["/closed", "/broken", "/picky", "/nowhere"]) await client.AskAsync($"40{name},");

        Assert.Equal(
            ["connection_refused", "failed", "invalid_arguments", "invalid_namespace", "unknown_session", "unsupported_protocol"],
            _telemetry.Read(Refusals).Where(sum => sum.Value == 1).Select(sum => sum.Key).Order());
    }
}
