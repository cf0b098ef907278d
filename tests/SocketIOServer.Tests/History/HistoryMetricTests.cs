using SocketIOServer.Tests.Seen;

namespace SocketIOServer.Tests.History;

/// <summary>Metrics show what is kept and what is sent.</summary>
[Collection(nameof(Listening))]
public sealed class HistoryMetricTests
{
    [Fact]
    public async Task Bytes_and_sent_events_are_counted()
    {
        using var telemetry = new Telemetry();
        await using var stage = await HistoryStage.StartAsync(history => history.EventsOnConnect = 1);
        await stage.Io.EmitAsync("to all");
        await stage.Io.To("room").EmitAsync("e");
        await stage.Io.To("room").EmitAsync("e");
        var (_, socket) = await stage.ConnectAsync();
        await socket.JoinWithHistoryAsync("room");

        Assert.Equal(3, telemetry.Read("socketio.server.history.sent").Values.Single());
        Assert.Equal(stage.Store.Bytes, telemetry.Read("socketio.server.history.bytes").Values.Single());
    }
}
