using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Adapters;
using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Recovery;

/// <summary>What a log reads that was in the streams before it, and from where on it has read everything.</summary>
public sealed class StreamBackfillTests(RedisFixture fixture) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly string _stream = $"stream-{Guid.NewGuid():N}";
    private readonly List<StreamLog> _logs = [];
    private ConnectionMultiplexer _connection = null!;

    private IDatabase Redis => _connection.GetDatabase();

    public async ValueTask InitializeAsync() => _connection = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        await _connection.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(1234)]
    public async Task All_that_was_there_comes_first_and_what_is_written_then_comes_behind_it(int count)
    {
        var earlier = new List<string>();
        for (var i = 0; i < count; i++) earlier.Add(await AddAsync(i));

        var (log, inbox) = await StartAsync();

        Assert.Equal(earlier, inbox.Earlier.Select(read => $"{read.Id}"));
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), inbox.Earlier.Select(read => read.Entry.Number));
        Assert.Empty(inbox.Entries);
        Assert.Equal((earlier[^1], true), ($"{log.ReadUpTo("/")}", log.ReadFrom("/") < inbox.Earlier.First().Id));
        Assert.True(log.Append(new() { Sender = "a", Namespace = "/", Type = 3, Number = count }));
        await ReadAsync(inbox, 1);
        Assert.Equal((count, 0), (inbox.Earlier.Count, inbox.Gaps));
    }

    [Fact]
    public async Task Reading_begins_just_before_the_first_entry()
    {
        await Redis.ExecuteAsync("XADD", _stream, "7-0", "uid", "a", "nsp", "/", "type", "3");
        await Redis.ExecuteAsync("XADD", _stream, "7-1", "uid", "a", "nsp", "/", "type", "3");
        await Redis.ExecuteAsync("XDEL", _stream, "7-0");

        var (log, inbox) = await StartAsync();

        Assert.Equal(("7-0", "7-1"), ($"{log.ReadFrom("/")}", $"{log.ReadUpTo("/")}"));
        Assert.Single(inbox.Earlier);
        Assert.Equal(new EntryId(6, ulong.MaxValue), StreamPosition.Before(new(7, 0)));
        Assert.Equal(EntryId.None, StreamPosition.Before(EntryId.None));
    }

    [Fact]
    public async Task In_a_stream_that_is_not_there_nothing_is_missing()
    {
        var (log, inbox) = await StartAsync();
        Assert.Equal((EntryId.None, EntryId.None), (log.ReadFrom("/"), log.ReadUpTo("/")));

        var id = await AddAsync(1);

        await ReadAsync(inbox, 1);
        Assert.Equal((EntryId.None, id, 0), (log.ReadFrom("/"), $"{log.ReadUpTo("/")}", inbox.Gaps));
    }

    [Fact]
    public async Task Of_a_stream_whose_entries_were_all_removed_nothing_is_known()
    {
        var id = await AddAsync(1);
        await Redis.ExecuteAsync("XTRIM", _stream, "MAXLEN", "0");

        var (log, inbox) = await StartAsync();

        Assert.Equal((id, id), ($"{log.ReadFrom("/")}", $"{log.ReadUpTo("/")}"));
        await AddAsync(2);
        await ReadAsync(inbox, 1);
        Assert.Equal(0, inbox.Gaps);
    }

    [Fact]
    public async Task A_log_that_does_not_read_earlier_entries_begins_behind_them()
    {
        var id = await AddAsync(1);

        var (log, inbox) = await StartAsync(readsEarlier: false);

        Assert.Equal((id, id), ($"{log.ReadFrom("/")}", $"{log.ReadUpTo("/")}"));
        Assert.Empty(inbox.Earlier);
    }

    [Fact]
    public async Task Each_namespace_has_the_beginning_of_its_stream()
    {
        var names = new StreamNames(_stream, 4);
        await Redis.ExecuteAsync("XADD", names.Of("/"), "7-1", "uid", "a", "nsp", "/", "type", "3");
        await Redis.ExecuteAsync("XADD", names.Of("/notifications"), "9-1", "uid", "a", "nsp", "/notifications", "type", "3");

        var (log, inbox) = await StartAsync(o => o.StreamCount = 4);

        Assert.Equal(("7-0", "9-0", "0-0"), ($"{log.ReadFrom("/")}", $"{log.ReadFrom("/notifications")}", $"{log.ReadFrom("/orders")}"));
        Assert.Equal(["/", "/notifications"], inbox.Earlier.Select(read => read.Entry.Namespace).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_no_entry_is_passed_over()
    {
        await Redis.ExecuteAsync("XADD", _stream, "*", "a", "b");
        await AddAsync(1);

        var (_, inbox) = await StartAsync();

        Assert.Equal((1, 1), (inbox.Malformed, inbox.Earlier.Count));
    }

    [Fact]
    public async Task A_stream_that_is_trimmed_while_it_is_read_has_no_hole_behind_its_beginning()
    {
        var adding = true;
        var writing = Task.Run(async () =>
        {
            // Redis removes from the front a hundred entries at a time.
            for (var i = 0; adding; i++) await Redis.StreamAddAsync(_stream, [new("uid", "a"), new("nsp", "/"), new("type", 3), new("n", i)], maxLength: 2000, useApproximateMaxLength: true);
        });
        await Eventually.TrueAsync(async () => await Redis.StreamLengthAsync(_stream) >= 2000, "nothing is written");

        for (var round = 0; round < 5; round++)
        {
            var (log, inbox) = await StartAsync(o => o.MaxLength = 2000);
            await ReadAsync(inbox, 200);
            var from = log.ReadFrom("/");
            var numbers = inbox.Earlier.Concat(inbox.Entries).Where(read => read.Id > from).Select(read => read.Entry.Number).ToArray();
            Assert.Equal(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i), numbers);
            Assert.True(inbox.Earlier.Count >= 1900, $"{inbox.Earlier.Count} entries were read");
        }

        Volatile.Write(ref adding, false);
        await writing;
    }

    [Fact]
    public async Task A_stream_that_was_deleted_begins_anew_behind_all_that_was_read()
    {
        var id = await AddAsync(1);
        var (log, inbox) = await StartAsync();

        await Redis.KeyDeleteAsync(_stream);
        // The log looks after a pause without entries.
        await Eventually.TrueAsync(() => inbox.Gaps == 1, "the log did not notice");

        Assert.Equal(id, $"{log.ReadFrom("/")}");
        var next = await AddAsync(2);
        await ReadAsync(inbox, 1);
        Assert.Equal((next, 1), ($"{log.ReadUpTo("/")}", inbox.Gaps));
    }

    [Fact]
    public async Task Ids_that_begin_anew_after_the_clock_was_set_back_are_not_behind_what_was_read()
    {
        await Redis.ExecuteAsync("XADD", _stream, "9999999999999-5", "uid", "a", "nsp", "/", "type", "3");
        var (log, inbox) = await StartAsync();

        await Redis.KeyDeleteAsync(_stream);
        await Eventually.TrueAsync(() => inbox.Gaps == 1, "the log did not notice");
        await AddAsync(2);

        await ReadAsync(inbox, 1);
        Assert.Equal("9999999999999-5", $"{log.ReadFrom("/")}");
        Assert.True(log.ReadUpTo("/") < log.ReadFrom("/"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task After_an_outage_in_which_entries_were_removed_reading_begins_before_the_first_that_is_left(int written)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        var elsewhere = connection.GetDatabase();
        for (var i = 0; i < written; i++) await AddAsync(i, elsewhere);
        var (log, inbox) = await StartAsync(o => o.MaxLength = 10, redis.Configuration);

        redis.Freeze();
        await Eventually.TrueAsync(() => log.State == BusState.Deaf, "the log did not notice");
        redis.Thaw();
        for (var i = 0; i < 2000; i++) await elsewhere.StreamAddAsync(_stream, [new("uid", "b"), new("nsp", "/"), new("type", 3), new("n", i)], maxLength: 10, useApproximateMaxLength: false, flags: CommandFlags.FireAndForget);
        await Eventually.TrueAsync(() => log.State == BusState.Alive && inbox.Numbers.LastOrDefault() == 1999, "the log did not come back");

        var from = log.ReadFrom("/");
        var numbers = inbox.Entries.Where(read => read.Id > from).Select(read => read.Entry.Number).ToArray();
        Assert.Equal(Enumerable.Range(0, numbers.Length).Select(i => numbers[0] + i), numbers);
    }

    [Fact]
    public async Task A_long_stream_is_read_in_several_parts()
    {
        const int Count = 10_000;
        for (var i = 0; i < Count; i++) await Redis.StreamAddAsync(_stream, [new("uid", "a"), new("nsp", "/"), new("type", 3), new("n", i)], flags: i % 1000 == 999 ? CommandFlags.None : CommandFlags.FireAndForget);

        var (_, inbox) = await StartAsync();

        Assert.Equal(Count, inbox.Earlier.Count);
    }

    private static async Task ReadAsync(RecordingListener inbox, int count) =>
        await Eventually.TrueAsync(() => inbox.Entries.Count >= count, () => $"{inbox.Entries.Count} of {count} entries were read");

    private async Task<string> AddAsync(int number, IDatabase? redis = null) =>
        (string)(await (redis ?? Redis).StreamAddAsync(_stream, [new("uid", "a"), new("nsp", "/"), new("type", 3), new("n", number)]))!;

    private async Task<(StreamLog Log, RecordingListener Inbox)> StartAsync(Action<RedisStreamsOptions>? configure = null, ConfigurationOptions? configuration = null, bool readsEarlier = true)
    {
        var options = new RedisStreamsOptions { StreamName = _stream, ProbeInterval = TimeSpan.FromMilliseconds(200), ConnectTimeout = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        _logs.Add(new(configuration ?? fixture.Redis.Configuration, options, TimeProvider.System, NullLogger.Instance));
        var inbox = new RecordingListener();
        await _logs[^1].StartAsync(inbox, readsEarlier, CancellationToken.None).Soon();
        Assert.Equal(BusState.Alive, _logs[^1].State);
        return (_logs[^1], inbox);
    }
}
