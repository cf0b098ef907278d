using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Recovery;

/// <summary>Sessions in a real Redis, under the keys of Node.</summary>
public sealed class RedisSessionStoreTests(RedisFixture fixture) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(100);

    private readonly string _id = $"{Guid.NewGuid():N}";
    private ConnectionMultiplexer _connection = null!;

    private IDatabase Redis => _connection.GetDatabase();

    private RedisSessionStore Store => new(() => Redis, "sio:session:");

    public async ValueTask InitializeAsync() => _connection = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task A_session_is_kept_for_the_window_under_the_key_of_Node_and_taken_once()
    {
        await Store.SaveAsync(_id, "gqA=", Window, default);
        await Store.SaveAsync(_id, "gqB=", Window, default);

        Assert.Equal("gqB=", await Redis.StringGetAsync("sio:session:" + _id));
        Assert.InRange((await Redis.KeyTimeToLiveAsync("sio:session:" + _id))!.Value, Window / 2, Window);
        Assert.Equal("gqB=", await Store.TakeAsync(_id, default));
        Assert.Null(await Store.TakeAsync(_id, default));
    }

    [Fact]
    public async Task Of_many_that_ask_at_once_one_gets_it()
    {
        await Store.SaveAsync(_id, "gqA=", Window, default);

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Store.TakeAsync(_id, default).AsTask()));

        Assert.Single(taken, "gqA=");
    }

    [Fact]
    public async Task A_Redis_without_GETDEL_does_too()
    {
        await using var redis = await RedisServer.StartAsync("--rename-command", "GETDEL", "");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var store = new RedisSessionStore(() => connection.GetDatabase(), "x:");
        await store.SaveAsync(_id, "gqA=", Window, default);

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.TakeAsync(_id, default).AsTask()));

        Assert.Single(taken, "gqA=");
        Assert.False(await connection.GetDatabase().KeyExistsAsync("x:" + _id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a b")]
    [InlineData("a\r\nDEL x")]
    [InlineData("{a}")]
    [InlineData("a:b")]
    [InlineData("é")]
    [InlineData("\0")]
    [InlineData("a/b+c=")]
    public async Task No_key_is_made_of_what_is_no_id(string id)
    {
        await Redis.StringSetAsync("sio:session:" + id, "secret");

        Assert.Null(await Store.TakeAsync(id, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SaveAsync(id, "gqA=", Window, default).AsTask());
        Assert.Equal("secret", await Redis.StringGetDeleteAsync("sio:session:" + id));
    }

    [Fact]
    public async Task An_id_may_have_64_characters()
    {
        await Store.SaveAsync(new('a', 64), "gqA=", Window, default);

        Assert.Equal("gqA=", await Store.TakeAsync(new('a', 64), default));
        Assert.Null(await Store.TakeAsync(new('a', 65), default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SaveAsync(new('a', 1 << 20), "gqA=", Window, default).AsTask());
    }

    [Fact]
    public async Task A_key_of_another_program_is_no_session_and_stays()
    {
        await Redis.ListRightPushAsync("sio:session:" + _id, "work");

        Assert.Null(await Store.TakeAsync(_id, default));
        Assert.Equal(1, await Redis.ListLengthAsync("sio:session:" + _id));
    }

    [Fact]
    public async Task Before_the_first_connection_and_during_an_outage_it_fails_and_later_it_works()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        var options = new RedisStreamsOptions { ProbeInterval = TimeSpan.FromMilliseconds(200), ConnectTimeout = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(200) };
        await using var log = new StreamLog(redis.Configuration, options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        await Assert.ThrowsAnyAsync<Exception>(() => log.Sessions!.SaveAsync(_id, "gqA=", Window, default).AsTask());
        await log.StartAsync(new RecordingListener(), readsEarlier: true, default).Soon();
        await Assert.ThrowsAnyAsync<Exception>(() => log.Sessions!.SaveAsync(_id, "gqA=", Window, default).AsTask().Soon());

        await redis.RunAsync();
        await Eventually.TrueAsync(() => log.State == BusState.Alive, "the log did not come back");
        await log.Sessions!.SaveAsync(_id, "gqA=", Window, default);
        redis.Freeze();
        await Assert.ThrowsAnyAsync<Exception>(() => log.Sessions!.TakeAsync("other", default).AsTask().Soon());
        await Assert.ThrowsAnyAsync<Exception>(() => log.Sessions!.SaveAsync("other", "gqA=", Window, default).AsTask().Soon());
        await Eventually.TrueAsync(() => log.State != BusState.Alive, "the log did not notice");
        redis.Thaw();
        await Eventually.TrueAsync(() => log.State == BusState.Alive, "the log did not come back");
        Assert.Equal("gqA=", await log.Sessions!.TakeAsync(_id, default));

        await redis.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => log.Sessions!.TakeAsync(_id, default).AsTask().Soon());
    }

    [Fact]
    public async Task Who_does_not_wait_any_longer_is_let_go()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var store = new RedisSessionStore(() => connection.GetDatabase(), "x:");
        using var cancel = new CancellationTokenSource();
        redis.Freeze();

        var (saving, taking) = (store.SaveAsync(_id, "gqA=", Window, cancel.Token).AsTask(), store.TakeAsync(_id, cancel.Token).AsTask());
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking.Soon());
    }
}
