using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;

namespace SocketIOServer.Tests.Seen;

/// <summary>What nobody listens to costs nothing.</summary>
[Collection(nameof(Listening))]
public sealed class SilenceTests
{
    private static readonly OutgoingMessage[] Batch = [OutgoingMessage.Noop];

    [Fact]
    public async Task Nothing_is_allocated()
    {
        await using var host = await TestHost.StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        var server = host.Services.GetRequiredService<SocketServer>();
        var session = server.Engines[0].Sessions.All.Single();
        Pass(server, session);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Pass(server, session);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task No_event_asks_what_time_it_is_until_somebody_listens()
    {
        var time = new CountingTime();
        await using var host = await TestHost.StartAsync(io => io.OnPing(), build: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await using var client = await SocketClient.JoinAsync(host);

        var begin = time.Count;
        for (var i = 0; i < 10; i++) await client.AssertAliveAsync();
        var silent = time.Count - begin;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) => self.EnableMeasurementEvents(instrument);
        listener.Start();
        await client.AssertAliveAsync();
        await client.AssertAliveAsync();

        Assert.Equal(0, silent);
        Assert.InRange(time.Count - begin, 2, 4);
    }

    private static void Pass(SocketServer server, EngineSession session)
    {
        var metrics = server.Context.Metrics.Engine;
        metrics.OnPacket(session);
        metrics.OnReceived("websocket", 10);
        metrics.OnSent("websocket", 10);
        metrics.OnSent("polling", Batch, 10);
        metrics.OnRefused("forbidden");
        metrics.OnClosed(session, CloseReason.SlowClient);
        Assert.False(HandlerWatch.IsOn(server.Context));
        Assert.Null(Tracing.Origin());
    }

    private sealed class CountingTime : TimeProvider
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref _count);
            return base.GetTimestamp();
        }
    }
}
