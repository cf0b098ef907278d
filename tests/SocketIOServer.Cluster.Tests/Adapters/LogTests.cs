using System.Text;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A server with a log: what waits for its place in it, what does not, and what is delivered once although it is read twice.</summary>
public sealed class LogTests : IAsyncDisposable
{
    private const string Other = "66f76bf9217e6fea";

    private Server _server = null!;
    private Client _client = null!;
    private HeldLog _log = null!;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Without_order_clients_get_events_at_once_and_not_again_when_they_are_read_back()
    {
        await StartAsync(isOrdered: false);

        await _server.Io.EmitAsync("a");
        await AssertGotAsync("a");
        _log.Read();
        await _server.Io.EmitAsync("b");
        await AssertGotAsync("b");
    }

    [Fact]
    public async Task In_order_events_are_delivered_when_they_are_read_back_among_those_of_other_servers()
    {
        await StartAsync();

        await _server.Io.EmitAsync("a");
        await _server.Io.EmitAsync("b");
        _log.Read(Event("first", 1));
        _log.Read();
        _log.Read(Event("between", 2));
        _log.Read();

        await AssertGotAsync("first", "a", "between", "b");
        Assert.Equal(0, _server.Node.Unordered);
    }

    [Fact]
    public async Task An_event_that_stays_here_comes_behind_those_that_wait()
    {
        await StartAsync();

        await _server.Io.EmitAsync("a");
        await _server.Io.Local.EmitAsync("near");
        await _server.Io.EmitAsync("b");
        _log.Read(2);

        await AssertGotAsync("a", "near", "b");
        await _server.Io.Local.EmitAsync("at once");
        await AssertGotAsync("at once");
    }

    [Fact]
    public async Task Changes_are_made_in_order_and_complete_when_they_are()
    {
        await StartAsync();

        var joining = _server.Io.JoinAsync("room").AsTask();
        await _server.Io.To("room").EmitAsync("for the room");
        Assert.False(joining.IsCompleted);
        Assert.Equal(0, await _server.Io.To("room").Local.CountAsync());
        _log.Read(2);
        await joining.Soon();

        await AssertGotAsync("for the room");
        var leaving = _server.Io.LeaveAsync("room").AsTask();
        _log.Read();
        await leaving.Soon();
        var ending = _server.Io.DisconnectAsync().AsTask();
        _log.Read();
        await ending.Soon();
        Assert.Equal("41", await _client.ReadAsync());
    }

    [Fact]
    public async Task A_log_that_does_not_answer_is_not_waited_for_until_it_answers_in_time()
    {
        await StartAsync();

        await _server.Io.EmitAsync("a");
        await _server.Io.EmitAsync("b");
        _server.Host.Time.Advance(TimeSpan.FromMilliseconds(250));
        await AssertGotAsync("a", "b");
        await _server.Io.EmitAsync("c");
        await AssertGotAsync("c");
        Assert.Equal(3, _server.Node.Unordered);

        // The two were late, the third came in time.
        _log.Read(2);
        await _server.Io.EmitAsync("d");
        await AssertGotAsync("d");
        _log.Read(2);
        await _server.Io.EmitAsync("e");
        _log.Read(Event("before e", 1));
        _log.Read();
        await AssertGotAsync("before e", "e");
        Assert.Equal(4, _server.Node.Unordered);
    }

    [Fact]
    public async Task An_event_waits_for_250_ms_from_its_own_emission()
    {
        await StartAsync();

        await _server.Io.EmitAsync("a");
        _server.Host.Time.Advance(TimeSpan.FromMilliseconds(200));
        await _server.Io.EmitAsync("b");
        _log.Read();
        _server.Host.Time.Advance(TimeSpan.FromMilliseconds(249));
        _log.Read(Event("between", 1));
        _log.Read();

        await AssertGotAsync("a", "between", "b");
        Assert.Equal(0, _server.Node.Unordered);
    }

    [Fact]
    public async Task A_log_that_is_lost_is_not_waited_for()
    {
        await StartAsync();

        await _server.Io.EmitAsync("a");
        _log.State = BusState.Down;
        await AssertGotAsync("a");
        await _server.Io.EmitAsync("b");
        await AssertGotAsync("b");
        Assert.Equal(BusState.Down, _server.Io.Cluster.State);
        Assert.Contains("held is down", (await _server.CheckHealthAsync()).Description, StringComparison.Ordinal);

        _log.State = BusState.Alive;
        _log.Read(2);
        await _server.Io.EmitAsync("c");
        _log.Read(Event("before c", 1));
        _log.Read();
        await AssertGotAsync("before c", "c");
    }

    [Fact]
    public async Task What_the_log_does_not_take_is_delivered_in_its_place_all_the_same()
    {
        await StartAsync();

        await _server.Io.EmitAsync("a");
        _log.IsFull = true;
        await _server.Io.EmitAsync("dropped");
        _log.Read();

        await AssertGotAsync("a", "dropped");
        await _server.Io.JoinAsync("room").AsTask().Soon();
        Assert.Contains("too slow", (await _server.CheckHealthAsync()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_threads_that_emit_at_once_are_delivered_once_each()
    {
        await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 250; i++) await _server.Io.EmitAsync("n", thread);
        })));
        await Eventually.TrueAsync(() => _log.Entries.Count == 1000, () => $"{_log.Entries.Count}");
        _log.Read(1000);

        var got = await _client.ReadAsync(1000);
        Assert.All(Enumerable.Range(0, 4), thread => Assert.Equal(250, got.Count(text => text == $"42[\"n\",{thread}]")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_written_twice_is_delivered_once_and_what_is_missing_is_counted(bool isOrdered)
    {
        await StartAsync(isOrdered);

        foreach (var number in (long[])[5, 6, 6, 5, 9, 8, 8, 9]) _log.Read(Event($"{number}", number));

        await AssertGotAsync("5", "6", "9", "8");
        Assert.Equal(1, _server.Node.Gaps);
        _log.LoseEntries();
        Assert.Equal(1, _server.Node.LogGaps);
    }

    [Fact]
    public async Task What_is_no_event_or_for_a_namespace_of_nobody_harms_nobody()
    {
        await StartAsync();

        _log.Read(Entry("{", 1));
        _log.Read(new LogEntry { Sender = Other, Namespace = "/elsewhere", Type = 3, Data = "{"u8.ToArray() });
        _log.Read(new LogEntry { Sender = Other, Namespace = "/", Type = 77 });
        _log.Read(Event("next", 2));

        await AssertGotAsync("next");
        Assert.Equal(1, _server.Node.Poisoned);
        Assert.Contains("/", _log.Namespaces);
    }

    [Fact]
    public async Task Servers_with_another_number_of_streams_find_each_other_out()
    {
        var bus = new InProcessBus();
        await StartAsync(bus: bus);
        await using var other = await Server.StartAsync(bus.Connect(), () => new StreamsWire(), log: new HeldLog { Layout = "4" });

        Assert.Contains("another form", (await _server.CheckHealthAsync()).Description, StringComparison.Ordinal);
    }

    private static LogEntry Event(string name, long number) => Entry("""{"packet":{"type":2,"data":["$"]},"opts":{"rooms":[],"except":[],"flags":{}}}""".Replace("$", name, StringComparison.Ordinal), number);

    private static LogEntry Entry(string data, long number) => new() { Sender = Other, Namespace = "/", Type = 3, Data = Encoding.UTF8.GetBytes(data), Number = number };

    private async Task StartAsync(bool isOrdered = true, InProcessBus? bus = null)
    {
        _log = new() { DeliversInOrder = isOrdered };
        _server = await Server.StartAsync((bus ?? new()).Connect(), () => new StreamsWire(), log: _log);
        _client = await _server.JoinAsync();
    }

    private async Task AssertGotAsync(params string[] names)
    {
        foreach (var name in names) Assert.Equal($"42[\"{name}\"]", await _client.ReadAsync());
    }
}
