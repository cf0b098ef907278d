using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.Redis.Tests;

namespace SocketIOServer.Emitter.Tests;

/// <summary>What a program is told when the bus does not take its messages, and what it has to do before.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly LogCollector _log = new();
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Without_the_engine_every_call_says_so()
    {
        await _redis.KillAsync();
        await using var io = Create();

        await Assert.ThrowsAsync<EmitterException>(() => io.EmitAsync("lost").AsTask().Soon());
        await Assert.ThrowsAsync<EmitterException>(() => io.To("a").JoinAsync("b").AsTask().Soon());
        await Assert.ThrowsAsync<EmitterException>(() => io.To("a").CallAsync<int>("who").Soon());
        await Assert.ThrowsAsync<EmitterException>(() => io.FetchSocketsAsync().Soon());
        await Assert.ThrowsAsync<EmitterException>(() => io.Cluster.EmitAsync("tell").AsTask().Soon());
        await Assert.ThrowsAsync<EmitterException>(() => io.Cluster.CallAsync<int>("tell").Soon());
        await Assert.ThrowsAsync<EmitterException>(() => io.FlushAsync().Soon());
    }

    [Fact]
    public async Task After_an_outage_it_emits_again_and_the_flush_tells_what_was_lost()
    {
        await using var io = Create();
        await io.EmitAsync("first");
        await io.FlushAsync().Soon();

        await _redis.KillAsync();
        await Eventually.TrueAsync(() => io.Cluster.State == BusState.Down, "the bus did not notice");
        await Assert.ThrowsAsync<EmitterException>(() => io.EmitAsync("lost").AsTask().Soon());
        await _redis.RunAsync();
        await Eventually.TrueAsync(() => io.Cluster.State == BusState.Alive, "the bus did not come back");

        await io.EmitAsync("after");
        var told = await Assert.ThrowsAsync<EmitterException>(() => io.FlushAsync().Soon());
        Assert.Contains("lost", told.Message, StringComparison.Ordinal);
        await io.FlushAsync().Soon();
    }

    [Fact]
    public async Task A_frozen_engine_ends_the_flush_and_the_disposal_in_time()
    {
        var io = Create(options => options.FlushTimeout = TimeSpan.FromMilliseconds(300));
        await io.EmitAsync("first");
        await io.FlushAsync().Soon();

        _redis.Freeze();
        await io.EmitAsync("who knows");
        await Assert.ThrowsAsync<EmitterException>(() => io.FlushAsync().Soon());
        await io.DisposeAsync().AsTask().Soon();

        Assert.Contains(_log.Lines, line => line.Id.Id == 80);
        _redis.Thaw();
    }

    [Fact]
    public async Task The_host_gives_emitters_by_type_and_by_name()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIOEmitter().AddRedis(_redis.Configuration);
        builder.Services.AddSocketIOEmitter("other", o => o.FlushTimeout = TimeSpan.FromSeconds(1)).AddRedis(_redis.Configuration);
        await using var app = builder.Build();

        var io = app.Services.GetRequiredService<ISocketEmitter>();
        var other = app.Services.GetRequiredKeyedService<ISocketEmitter>("other");
        await io.EmitAsync("news");
        await other.Of("/chat").To("a").EmitAsync("news");

        Assert.NotSame(io, other);
        Assert.Same(io, app.Services.GetRequiredService<ISocketEmitter>());
        Assert.Same(io.Of("chat"), io.Of("/chat"));
        Assert.Null(app.Services.GetService<ISocketServer>());
    }

    [Fact]
    public async Task Wrong_use_is_refused_where_it_happens()
    {
        Assert.Throws<InvalidOperationException>(() => SocketEmitter.Create(_ => { }));
        await using var io = Create();
        Assert.Throws<ArgumentException>(() => { _ = io.EmitAsync("connect").AsTask(); });
        Assert.Throws<ArgumentNullException>(() => { _ = io.JoinAsync("a", null!).AsTask(); });
        Assert.Throws<ArgumentException>(() => io.Of(new string('x', 256)));
    }

    private ISocketEmitter Create(Action<SocketEmitterOptions>? configure = null) => SocketEmitter.Create(
        emitter => emitter.AddRedis(o => (o.Configuration, o.ConnectTimeout) = (_redis.Configuration, TimeSpan.FromSeconds(1))),
        configure,
        LoggerFactory.Create(logging => logging.AddProvider(_log)));
}
