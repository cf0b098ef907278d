using SocketIOServer.Events;
using SocketIOServer.Sockets;

namespace SocketIOServer.Tests.Events;

/// <summary>MaxQueuedEventBytes: what a connection has sent and the program has not handled yet (CONTRACT R-11).</summary>
public sealed class QueuedBytesTests : IAsyncLifetime
{
    private const int Limit = 1000;

    // Answered as soon as it is read, and no event: it takes no room.
    private const string Ping = "40/nope,";
    private const string Pong = """44/nope,{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""";

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Inbox<ISocket> _joined = new();
    private TestHost _host = null!;
    private SocketClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            io =>
            {
                Map(io.OnPing().OnConnected((ISocket socket) => _joined.Add(socket)));
                Map(io.Of("/other"));
            },
            options => options.MaxQueuedEventBytes = Limit);
        _client = await SocketClient.JoinAsync(_host);
        await _client.AskAsync("40/other,");
    }

    public async ValueTask DisposeAsync()
    {
        _gate.TrySetResult();
        await _client.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_event_that_does_not_fit_is_not_read_until_handlers_catch_up(int beyond)
    {
        await _client.SendAsync(Event("", 1, 400), Event("", 2, 600 + beyond), Ping);

        await AssertHeldAsync(beyond > 0, "431[400]", $"432[{600 + beyond}]");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Namespaces_share_it_and_what_running_handlers_were_given_counts(int beyond)
    {
        await _client.SendAsync(Event("", 1, 400), Event("/other,", 2, 600 + beyond), Ping);

        await AssertHeldAsync(beyond > 0, "431[400]", $"43/other,2[{600 + beyond}]");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_attachment_counts_as_soon_as_it_comes(int beyond)
    {
        const string Arguments = """["files",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""";
        await _client.SendAsync(Event("", 1, 400), "452-2" + Arguments);
        await _client.SendAsync(new byte[100]);
        await _client.SendAsync(new byte[500 - Arguments.Length + beyond]);
        await _client.SendAsync(Ping);

        await AssertHeldAsync(beyond > 0, "431[400]", $"432[{600 - Arguments.Length + beyond}]");
    }

    [Fact]
    public async Task Handlers_that_run_beside_each_other_count_too()
    {
        await _client.SendAsync(Event("", 1, 400, "beside"), Event("", 2, 600, "beside"), Event("", 3, 400, "beside"), Ping);

        await AssertHeldAsync(true, "43", "432[600]", "433[400]");
    }

    // It is alone then; and since nothing else is sent, acks still come through.
    [Fact]
    public async Task A_larger_event_is_handled_by_itself_and_may_ask_its_client()
    {
        await _client.SendAsync(Event("", 1, 20 * Limit, "ask"));
        Assert.Equal("""420["question"]""", await _client.ReadAsync());
        await _client.SendAsync("430[7]");

        Assert.Equal("431[7]", await _client.ReadAsync());
        await AssertNothingIsLeftAsync();
    }

    // The knot: the answer is behind an event that there is no room for. AckTimeout cuts it.
    [Fact]
    public async Task An_answer_behind_what_does_not_fit_waits_until_AckTimeout()
    {
        await _client.SendAsync(Event("", 1, Limit, "ask"));
        Assert.Equal("""420["question"]""", await _client.ReadAsync());
        await _client.SendAsync(Event("", 2, 400), "430[7]", Ping);
        await FenceAsync();
        _gate.SetResult();

        _host.Time.Advance(TimeSpan.FromSeconds(15));
        _host.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(new HashSet<string> { "2", """431[{"error":"failed"}]""", "432[400]", Pong }, [.. await _client.ReadAsync(4)]);
        Assert.Single(_host.Log.Errors, line => line.Exception is TimeoutException);
    }

    // The server is not reading: that is not the client's silence.
    [Fact]
    public async Task An_attachment_that_the_server_does_not_read_is_not_late()
    {
        await _client.SendAsync(Event("", 1, Limit), """451-2["files",{"_placeholder":true,"num":0},null]""");
        await _client.SendAsync(new byte[400]);
        await FenceAsync();
        _host.Time.Advance(TimeSpan.FromSeconds(20));
        _gate.SetResult();

        Assert.Equal($"431[{Limit}]", await _client.ReadAsync());
        Assert.Equal("""431[{"error":"invalid arguments"}]""".Replace("431", "432", StringComparison.Ordinal), await _client.ReadAsync());
        await AssertNothingIsLeftAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_POST_is_answered_when_there_is_room(int beyond)
    {
        var polling = await PollingClient.JoinAsync(_host);

        var post = polling.PostAsync(string.Join('\u001e', Event("", 1, 400), Event("", 2, 600 + beyond), Ping));
        if (beyond == 0) Assert.Equal((200, "ok"), await post.Soon());
        await FenceAsync();
        Assert.Equal(beyond == 0, post.IsCompleted);
        _gate.SetResult();

        Assert.Equal((200, "ok"), await post.Soon());
    }

    [Fact]
    public async Task A_client_that_goes_leaves_nothing_waiting()
    {
        var counted = await CountedAsync();
        await _client.SendAsync(Event("", 1, 400), Event("/other,", 2, 400), Event("", 3, 400), Ping);
        await FenceAsync();
        Assert.Equal(800, counted.Count);

        await _client.DisposeAsync();
        _gate.SetResult();

        await Eventually.TrueAsync(() => counted.Count == 0, () => $"{counted.Count} bytes are counted");
    }

    private void Map(SocketNamespaceBuilder io) => io
        .On("wait", async (string text) =>
        {
            await _gate.Task;
            return text.Length + """["wait",""]""".Length;
        })
        .On("beside", [Concurrent(4)] async (string text) =>
        {
            await _gate.Task;
            return text.Length + """["beside",""]""".Length;
        })
        .On("files", async (byte[] first, byte[] second) =>
        {
            await _gate.Task;
            return first.Length + second.Length;
        })
        .On("ask", async (string text, ISocket socket) => await socket.CallAsync<int>("question"));

    // Of exactly so many bytes of JSON.
    private static string Event(string name, int id, int bytes, string @event = "wait")
    {
        var empty = $"""["{@event}",""]""";
        return $"42{name}{id}{empty[..^2]}{new string('x', bytes - empty.Length)}\"]";
    }

    private async Task AssertHeldAsync(bool isHeld, string first, params string[] others)
    {
        if (!isHeld) Assert.Equal(Pong, await _client.ReadAsync());
        await FenceAsync();
        _gate.SetResult();

        var answers = await _client.ReadAsync(others.Length + (isHeld ? 2 : 1));
        // Had it been read before, the pong would stand before the first answer.
        if (isHeld) Assert.StartsWith(first, answers[0], StringComparison.Ordinal);
        Assert.True(new HashSet<string>(answers).IsSupersetOf(others));
        Assert.Equal(isHeld, answers.Contains(Pong));
        await AssertNothingIsLeftAsync();
    }

    private async Task AssertNothingIsLeftAsync()
    {
        var counted = await CountedAsync();
        await Eventually.TrueAsync(() => counted.Count == 0, () => $"{counted.Count} bytes are counted");
    }

    private async Task<UnhandledBytes> CountedAsync() => ((Socket)await _joined.NextAsync()).Client.Unhandled;

    // A whole other client comes and goes meanwhile, so the server has long read what it would read.
    private async Task FenceAsync()
    {
        await using var other = await SocketClient.JoinAsync(_host);
        await other.AssertAliveAsync();
    }
}
