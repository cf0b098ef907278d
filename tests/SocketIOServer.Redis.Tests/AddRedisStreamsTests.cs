using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests;

/// <summary>Two servers that are one by AddRedisStreams, over a real Redis, and what their clients get through its outages.</summary>
public sealed class AddRedisStreamsTests : IAsyncLifetime
{
    private const string Tick = """42["tick"]""";

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("streams").FullName;
    private RedisServer _redis = null!;

    // The promise is 10,000 events through 4 s without Redis, or 15 s with a frozen one: STREAMS_LONG=1 keeps it. Tests of every day take fewer and less.
    private static bool IsLong { get; } = Environment.GetEnvironmentVariable("STREAMS_LONG") == "1";

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "no", "--dir", _folder);

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
        await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Broadcasts_rooms_and_questions_span_the_servers()
    {
        var (first, second) = await StartTwoAsync(io => io.AddRedisStreams($"127.0.0.1:{_redis.Port}"));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));

        await first.Io.To(there.Id).JoinAsync("a");
        await first.Io.To("a").EmitAsync("room", new byte[] { 1, 2 });
        await second.Io.EmitAsync("all");
        Assert.Equal("""42["all"]""", await here.ReadAsync());

        // Its own event at once, and that of the other server when it is read.
        string[] room = ["""451-["room",{"_placeholder":true,"num":0}]""", "b:0102"];
        var got = await there.ReadAsync(3);
        Assert.Equal(room, got.Where(text => text != """42["all"]"""));
        Assert.Equal(2, await first.Io.CountAsync());
        var asking = first.Io.CallAsync<int>("who");
        await here.AnswerAsync("[1]");
        await there.AnswerAsync("[2]");
        Assert.Equal([1, 2], (await asking.Soon()).Replies.Values.Order());
    }

    [Fact]
    public async Task Sharded_channels_and_a_stream_that_Node_does_not_read_work()
    {
        var (_, second) = await StartTwoAsync(io => io.AddRedisStreams(o => (o.Configuration, o.StreamCount, o.IsSharded, o.StreamName) = (_redis.Configuration, 4, true, "shop")), "SHARDNUMSUB");
        await using var there = await Client.JoinAsync(second, "/notifications");

        await _redis.ExecuteAsync("XADD", "shop--3", "*", "uid", "66f76bf9217e6fea", "nsp", "/notifications", "type", "3", "data", """{"packet":{"type":2,"data":["hi"]},"opts":{"rooms":[],"except":[],"flags":{}}}""");

        Assert.Equal("""42/notifications,["hi"]""", await there.ReadAsync());
        Assert.Contains("shop--3", Assert.Single(second.Log.Lines, line => line.Id == 94).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poisoned_entries_harm_nobody_and_are_counted()
    {
        var (first, second) = await StartTwoAsync(io => io.AddRedisStreams(_redis.Configuration));
        var there = await JoinAsync(second);
        var large = new string('x', 11 << 20);

        foreach (var data in (string[])["", "{", "nonsense", "AAAA", "[]", "{}", """{"packet":{"type":2,"data":["e"]},"opts":{"rooms":7}}""", $$$"""{"packet":{"type":2,"data":["{{{large}}}"]},"opts":{}}"""])
            await _redis.ExecuteAsync("XADD", "socket.io", "*", "uid", "x", "nsp", "/", "type", "3", "data", data);
        await _redis.ExecuteAsync("XADD", "socket.io", "*", "uid", "x", "nsp", "/elsewhere", "type", "3", "data", "{");
        await _redis.ExecuteAsync("XADD", "socket.io", "*", "a", "b");
        await first.Io.EmitAsync("next");

        Assert.Equal("""42["next"]""", await there.ReadAsync());
        Assert.Equal(9, NodeOf(second).Poisoned);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Clients_get_every_event_once_through_an_outage_and_those_of_the_sender_do_not_notice(bool isFrozen, bool isOrdered)
    {
        var count = IsLong ? 10_000 : 1000;
        var (first, second) = await StartTwoAsync(io => io.AddRedisStreams(o =>
        {
            (o.Configuration, o.DeliversInOrder) = (_redis.Configuration, isOrdered);
            if (!IsLong) (o.ProbeInterval, o.ConnectTimeout, o.MaxRetryDelay) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200));
        }));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));

        var emitting = EmitAsync(first.Io, count, IsLong ? TimeSpan.FromSeconds(isFrozen ? 20 : 8) : TimeSpan.FromSeconds(1));
        var echo = ReadEchoAsync(here, count);
        var reading = ReadNumbersAsync(there, count);
        await Task.Delay(IsLong ? 2000 : 200);
        await OutageAsync(isFrozen, NodeOf(first).Log!);
        // A read of the client ends by its patience, which is shorter than a long outage.
        while (!reading.IsCompleted && IsLong)
        {
            await second.Io.Local.EmitAsync("tick");
            await Task.WhenAny(reading, Task.Delay(1000));
        }

        await emitting;

        Assert.Equal(Enumerable.Range(0, count), (await echo).Select(got => got.Number));
        Assert.Equal(Enumerable.Range(0, count), await reading.WaitAsync(TestHost.Patience));
        // The next event says that no double comes behind them.
        await first.Io.EmitAsync("n", -1, 0);
        Assert.Equal(-1, Assert.Single(await ReadNumbersAsync(there, 1)));
        Assert.Equal((0, 0), (NodeOf(second).Gaps, NodeOf(second).LogGaps));
        var slowest = (await echo).Max(got => got.Late);
        if (IsLong) Console.WriteLine($"frozen {isFrozen}, ordered {isOrdered}: the sender's own client waited {slowest.TotalMilliseconds} ms at most; XLEN {await _redis.ExecuteAsync("XLEN", "socket.io")}");
    }

    [Fact]
    public async Task Without_any_configuration_the_start_says_what_is_missing()
    {
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => TestHost.StartAsync(build: builder => builder.Services.AddSocketIO().AddRedisStreams()));

        Assert.Contains("IConnectionMultiplexer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_connection_string_is_refused_at_once()
    {
        var io = WebApplication.CreateSlimBuilder().Services.AddSocketIO();

        Assert.Throws<ArgumentException>(() => io.AddRedisStreams(" "));
        Assert.Throws<ArgumentException>(() => io.AddRedisStreams("127.0.0.1,unheardOf=1"));
    }

    private static ClusterNode NodeOf(TestHost host) => host.Services.GetRequiredService<SocketServer>().Options.Cluster!;

    private async Task OutageAsync(bool isFrozen, IClusterLog log)
    {
        if (isFrozen) _redis.Freeze();
        else await _redis.KillAsync();
        if (IsLong) await Task.Delay(TimeSpan.FromSeconds(isFrozen ? 15 : 4));
        else await Eventually.TrueAsync(() => log.State != BusState.Alive, "the log did not notice");
        if (isFrozen) _redis.Thaw();
        else await _redis.RunAsync();
    }

    private static async Task EmitAsync(ISocketServer io, int count, TimeSpan within)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await io.EmitAsync("n", i, Stopwatch.GetTimestamp());
            var ahead = within * i / count - Stopwatch.GetElapsedTime(begin);
            if (ahead > TimeSpan.FromMilliseconds(1)) await Task.Delay(ahead);
        }
    }

    private static async Task<(int Number, TimeSpan Late)[]> ReadEchoAsync(Client client, int count)
    {
        var got = new (int, TimeSpan)[count];
        for (var i = 0; i < count; i++)
        {
            var parts = (await client.ReadAsync())["42[\"n\",".Length..^1].Split(',');
            got[i] = (int.Parse(parts[0], CultureInfo.InvariantCulture), Stopwatch.GetElapsedTime(long.Parse(parts[1], CultureInfo.InvariantCulture)));
        }

        return got;
    }

    private static async Task<int[]> ReadNumbersAsync(Client client, int count)
    {
        var got = new List<int>();
        while (got.Count < count)
        {
            var text = await client.ReadAsync();
            if (text != Tick) got.Add(int.Parse(text["42[\"n\",".Length..].Split(',')[0], CultureInfo.InvariantCulture));
        }

        return [.. got];
    }

    private async Task<(TestHost First, TestHost Second)> StartTwoAsync(Action<ISocketServerBuilder> add, string counts = "NUMSUB")
    {
        var servers = (await StartAsync(add), await StartAsync(add));
        await _redis.SubscribedAsync(counts, "socket.io#/#", 2);
        return servers;
    }

    private async Task<TestHost> StartAsync(Action<ISocketServerBuilder> add)
    {
        var host = await TestHost.StartAsync(io =>
        {
            io.On("ping", () => { });
            io.Of("/notifications").On("ping", () => { });
        }, build: builder => add(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()));
        _owned.Add(host);
        return host;
    }

    private async Task<Client> JoinAsync(TestHost host)
    {
        var client = await Client.JoinAsync(host);
        _owned.Add(client);
        return client;
    }
}
