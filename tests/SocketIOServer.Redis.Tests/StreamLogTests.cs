using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using StackExchange.Redis;
using Testkit.Faults;

namespace SocketIOServer.Redis.Tests;

/// <summary>The log over a real Redis, with the faults that Redis has.</summary>
public sealed class StreamLogTests : IAsyncLifetime
{
    private const string Stream = "socket.io";

    private readonly List<StreamLog> _logs = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("streams").FullName;
    private RedisServer _redis = null!;
    private long _number;

    // With everysec, Redis does not write at once while it syncs, and a killed one would lose what it has answered.
    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "no", "--dir", _folder);

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        await _redis.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task All_read_the_same_entries_in_one_order()
    {
        var (first, inbox) = await StartAsync();
        var (second, other) = await StartAsync();

        for (var i = 0; i < 1000; i++)
        {
            Append(first, "a");
            Append(second, "b");
        }

        await ReadAsync(2000, inbox, other);
        Assert.Equal(inbox.Entries.Select(read => read.Id), other.Entries.Select(read => read.Id));
        Assert.Equal(1000, inbox.Entries.Count(read => read.Entry.Sender == "a"));
        foreach (var sender in (string[])["a", "b"]) Assert.Equal(Sorted(inbox, sender), NumbersOf(inbox, sender));
    }

    [Fact]
    public async Task What_is_read_back_is_the_object_that_was_appended_and_has_the_fields_of_Node()
    {
        var (log, inbox) = await StartAsync();
        var (_, other) = await StartAsync();

        var entry = Append(log, "a");

        await ReadAsync(1, inbox, other);
        Assert.Same(entry, Assert.Single(inbox.Entries).Entry);
        var read = Assert.Single(other.Entries).Entry;
        Assert.NotSame(entry, read);
        Assert.Equal(("a", "/", 3, "data", entry.Number), (read.Sender, read.Namespace, read.Type, Encoding.UTF8.GetString(read.Data.Span), read.Number));
        var fields = (await _redis.ExecuteAsync("XRANGE", Stream, "-", "+"))[0][1];
        Assert.Equal(["uid", "a", "nsp", "/", "type", "3", "data", "data", "n", $"{entry.Number}"], (string[])fields!);
    }

    [Fact]
    public async Task What_was_appended_before_the_log_is_disposed_is_still_written()
    {
        var (log, _) = await StartAsync();
        var (_, other) = await StartAsync();

        for (var i = 0; i < 1000; i++) Append(log, "a");
        await log.DisposeAsync();

        Assert.Equal(1000, (long)await _redis.ExecuteAsync("XLEN", Stream));
        await ReadAsync(1000, other);
    }

    [Fact]
    public async Task What_is_no_entry_is_counted_and_the_next_one_is_read()
    {
        var (log, inbox) = await StartAsync();
        string[][] malformed =
        [
            ["x", "y"], ["uid", "a", "nsp", "/"], ["uid", "a", "type", "3"], ["nsp", "/", "type", "3"], ["uid", "a", "nsp", "/", "type", "three"], ["uid", "a", "nsp", "/", "type", "-3"],
            ["uid", "a", "nsp", "/", "type", "99999999999"], ["uid", "", "nsp", "/", "type", "3"], ["uid", "a", "nsp", "/", "type", "3", "n", "x"], ["uid", "a", "nsp", new string('x', 5000), "type", "3"],
        ];

        foreach (var fields in malformed) await _redis.ExecuteAsync("XADD", [Stream, "*", .. fields]);
        Append(log, "a");

        await ReadAsync(1, inbox);
        Assert.Equal(malformed.Length, inbox.Malformed);
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_Redis_is_killed()
    {
        var (first, inbox) = await StartAsync();
        var (second, other) = await StartAsync();
        var appending = AppendAsync(2000, first, second);

        await ReadAsync(500, inbox);
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => first.State == BusState.Down, "the log did not notice");
        await _redis.RunAsync();
        await appending;

        await AssertAllOnceAsync(4000, inbox, other);
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_Redis_is_frozen()
    {
        var (first, inbox) = await StartAsync();
        var (second, other) = await StartAsync();
        var appending = AppendAsync(2000, first, second);

        await ReadAsync(500, inbox);
        _redis.Freeze();
        await Eventually.TrueAsync(() => first.State == BusState.Deaf && second.State == BusState.Deaf, "the logs did not notice");
        _redis.Thaw();
        await appending;

        await AssertAllOnceAsync(4000, inbox, other);
        // Nor does a server of Node get anything twice.
        Assert.Equal(4000, (long)await _redis.ExecuteAsync("XLEN", Stream));
    }

    [Fact]
    public async Task What_is_still_under_way_on_a_connection_that_was_given_up_is_not_written()
    {
        await using var proxy = new FaultProxy(new($"http://127.0.0.1:{_redis.Port}"));
        var (log, inbox) = await StartAsync(configuration: new() { EndPoints = { { IPAddress.Loopback, proxy.Address.Port } } });
        var given = proxy.Links.ToArray();
        foreach (var link in given) link.Blackhole();

        for (var i = 0; i < 10; i++) Append(log, "a");
        await AssertAllOnceAsync(10, inbox);
        foreach (var link in given) link.Blackhole(false);
        await Task.WhenAll(given.Select(link => link.Ended)).WaitAsync(TestHost.Patience);

        Assert.Equal(10, (long)await _redis.ExecuteAsync("XLEN", Stream));
    }

    [Fact]
    public async Task Entries_that_Redis_refuses_are_written_when_it_takes_them()
    {
        var (log, inbox) = await StartAsync();
        await _redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        for (var i = 0; i < 10; i++) Append(log, "a");
        await Eventually.TrueAsync(() => log.State == BusState.Down, "the log did not notice");
        await _redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");

        await AssertAllOnceAsync(10, inbox);
    }

    [Fact]
    public async Task A_Redis_that_became_a_replica_is_written_to_when_it_is_none_any_more()
    {
        var (log, inbox) = await StartAsync();
        Append(log, "a");
        await ReadAsync(1, inbox);
        await _redis.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");

        for (var i = 1; i < 10; i++) Append(log, "a");
        await Eventually.TrueAsync(() => log.State == BusState.Down, "the log did not notice");
        await _redis.ExecuteAsync("REPLICAOF", "NO", "ONE");

        await AssertAllOnceAsync(10, inbox);
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_the_connections_are_cut()
    {
        var (first, inbox) = await StartAsync();
        var (second, other) = await StartAsync();
        var appending = AppendAsync(2000, first, second);

        for (var i = 1; i <= 3; i++)
        {
            await ReadAsync(i * 300, inbox);
            await _redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal");
        }

        await appending;

        await AssertAllOnceAsync(4000, inbox, other);
        Assert.Equal(4000, (long)await _redis.ExecuteAsync("XLEN", Stream));
    }

    [Fact]
    public async Task The_streams_of_a_Redis_Cluster_are_read_each_by_itself()
    {
        await using var redis = await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", $"{RedisServer.FreePort()}", "--cluster-config-file", Path.Combine(_folder, "nodes.conf"), "--dir", _folder);
        await redis.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Eventually.TrueAsync(() => ((string)redis.ExecuteAsync("CLUSTER", "INFO").GetAwaiter().GetResult()!).Contains("cluster_state:ok", StringComparison.Ordinal), "the cluster is not up");
        var (log, inbox) = await StartAsync(o => o.StreamCount = 4, redis.Configuration);

        string[] names = ["/", "/orders", "/notifications", "/a"];
        foreach (var name in names) Assert.True(log.Append(new() { Sender = "a", Namespace = name, Type = 3, Data = "data"u8.ToArray(), Number = 1 }));

        await ReadAsync(names.Length, inbox);
        Assert.Equal(names.Order(StringComparer.Ordinal), inbox.Entries.Select(read => read.Entry.Namespace).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_was_lost_is_a_gap()
    {
        var (log, inbox) = await StartAsync();
        var (_, other) = await StartAsync();
        for (var i = 0; i < 10; i++) Append(log, "a");
        await ReadAsync(10, inbox, other);

        await _redis.KillAsync();
        Directory.Delete(Path.Combine(_folder, "appendonlydir"), recursive: true);
        Append(log, "a");
        await _redis.RunAsync();

        await ReadAsync(11, inbox, other);
        Assert.Equal((1, 1), (inbox.Gaps, other.Gaps));
    }

    [Fact]
    public async Task Entries_that_were_removed_before_they_were_read_are_a_gap()
    {
        var (log, inbox) = await StartAsync();
        Append(log, "a");
        await ReadAsync(1, inbox);
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => log.State == BusState.Down, "the log did not notice");
        // On another port, so that the log does not read it meanwhile.
        await using (var elsewhere = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "no", "--dir", _folder))
        {
            for (var i = 0; i < 50; i++) await elsewhere.ExecuteAsync("XADD", Stream, "MAXLEN", "10", "*", "uid", "b", "nsp", "/", "type", "3");
        }

        await _redis.RunAsync();

        await ReadAsync(11, inbox);
        Assert.Equal(1, inbox.Gaps);
    }

    [Fact]
    public async Task What_cannot_wait_any_longer_or_finds_no_room_is_dropped_and_counted()
    {
        var (log, inbox) = await StartAsync(o => (o.MaxQueuedMessages, o.MaxWait) = (10, TimeSpan.FromMilliseconds(1)));
        await _redis.KillAsync();
        await Eventually.TrueAsync(() => log.State == BusState.Down, "the log did not notice");

        Assert.False(log.Append(Entry("a", isVolatile: true)));
        await Eventually.TrueAsync(() => !log.Append(Entry("a")), "the queue has no end");
        await Eventually.TrueAsync(() => log.Statistics.QueuedMessages == 0, "what has waited for too long is still there");
        await _redis.RunAsync();
        await Eventually.TrueAsync(() => log.State == BusState.Alive, "the log did not come back");

        Append(log, "a");
        await ReadAsync(1, inbox);
        Assert.True(log.Statistics.Dropped >= 12, $"{log.Statistics.Dropped} were dropped");
    }

    [Fact]
    public async Task A_start_before_Redis_fails_nothing()
    {
        await _redis.KillAsync();
        var (log, inbox) = Make();

        await log.StartAsync(inbox, readsEarlier: false, CancellationToken.None);

        Assert.Equal(BusState.Down, log.State);
        Append(log, "a");
        await _redis.RunAsync();
        await ReadAsync(1, inbox);
    }

    private static IEnumerable<long> NumbersOf(RecordingListener inbox, string sender) => inbox.Entries.Where(read => read.Entry.Sender == sender).Select(read => read.Entry.Number);

    private static IEnumerable<long> Sorted(RecordingListener inbox, string sender) => NumbersOf(inbox, sender).Order();

    private static async Task ReadAsync(int count, params RecordingListener[] inboxes)
    {
        foreach (var inbox in inboxes) await Eventually.TrueAsync(() => inbox.Entries.Count >= count, () => $"{inbox.Entries.Count} of {count} entries were read");
    }

    private static async Task AssertAllOnceAsync(int count, params RecordingListener[] inboxes)
    {
        await ReadAsync(count, inboxes);
        foreach (var inbox in inboxes)
        {
            Assert.Equal(count, inbox.Numbers.Distinct().Count());
            Assert.Equal(count, inbox.Entries.Count);
            foreach (var sender in (string[])["a", "b"]) Assert.Equal(Sorted(inbox, sender), NumbersOf(inbox, sender));
        }
    }

    private LogEntry Entry(string sender, bool isVolatile = false) =>
        new() { Sender = sender, Namespace = "/", Type = 3, Data = "data"u8.ToArray(), Number = Interlocked.Increment(ref _number), IsVolatile = isVolatile };

    private LogEntry Append(StreamLog log, string sender)
    {
        var entry = Entry(sender);
        Assert.True(log.Append(entry));
        return entry;
    }

    private async Task AppendAsync(int count, StreamLog first, StreamLog second)
    {
        for (var i = 0; i < count; i++)
        {
            Append(first, "a");
            Append(second, "b");
            if (i % 10 == 0) await Task.Delay(1);
        }
    }

    private (StreamLog Log, RecordingListener Inbox) Make(Action<RedisStreamsOptions>? configure = null, ConfigurationOptions? configuration = null)
    {
        var options = new RedisStreamsOptions { ProbeInterval = TimeSpan.FromMilliseconds(200), ConnectTimeout = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        _logs.Add(new(configuration ?? _redis.Configuration, options, TimeProvider.System, NullLogger.Instance));
        return (_logs[^1], new());
    }

    private async Task<(StreamLog Log, RecordingListener Inbox)> StartAsync(Action<RedisStreamsOptions>? configure = null, ConfigurationOptions? configuration = null)
    {
        var (log, inbox) = Make(configure, configuration);
        await log.StartAsync(inbox, readsEarlier: false, CancellationToken.None).WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => log.State == BusState.Alive, () => $"the log is {log.State}");
        return (log, inbox);
    }
}
