using System.Threading.RateLimiting;

namespace SocketIOServer.Tests.Events;

/// <summary>So many events of a socket and no more.</summary>
public sealed class LimitEventsTests
{
    [Fact]
    public async Task What_is_beyond_the_limit_is_answered_and_not_handled()
    {
        var handled = new Inbox<int>();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.Of("/chat")
                .On("e", (int number) => handled.Add(number))
                .LimitEvents(new TokenBucketRateLimiterOptions { TokenLimit = 2, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromHours(1) });
        });
        await using var one = await SocketClient.JoinAsync(host, "/chat");
        await using var other = await SocketClient.JoinAsync(host, "/chat");

        for (var i = 0; i < 2; i++) Assert.Equal($"43/chat,{i}[]", await one.AskAsync($"""42/chat,{i}["e",{i}]"""));
        Assert.Equal("""43/chat,2[{"error":"rate limited"}]""", await one.AskAsync("""42/chat,2["e",2]"""));
        await one.SendAsync("""42/chat,["e",3]""");
        Assert.Equal("43/chat,4[]", await other.AskAsync("""42/chat,4["e",4]"""));

        Assert.Equal(new[] { 0, 1, 4 }, await handled.NextAsync(3));
        Assert.True(handled.IsEmpty);
    }

    [Fact]
    public async Task A_limiter_of_the_programs_own_is_asked()
    {
        await using var host = await TestHost.StartAsync(io => io
            .On("e", () => 1)
            .LimitEvents(socket => new ConcurrencyLimiter(new() { PermitLimit = socket.Handshake.Query.ContainsKey("none") ? 1 : 2 })));
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < 5; i++) Assert.Equal($"43{i}[1]", await client.AskAsync($"""42{i}["e"]"""));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limiter_ends_with_its_socket_unless_it_is_shared(bool isShared)
    {
        var ended = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OnPing()
            .OnDisconnected(() => ended.Add("socket"))
            .LimitEvents(_ => new ToldLimiter(ended), isShared));
        var client = await SocketClient.JoinAsync(host);
        await client.AssertAliveAsync();

        await client.CloseAsync();
        await client.DisposeAsync();

        Assert.Equal("socket", await ended.NextAsync());
        if (!isShared) Assert.Equal("limiter", await ended.NextAsync());
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task A_limiter_is_there_until_the_last_event_is_handled()
    {
        var gate = new TaskCompletionSource();
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .On("wait", async () =>
            {
                notes.Add("waits");
                await gate.Task;
            })
            .On("e", () => notes.Add("e"))
            .LimitEvents(_ => new ToldLimiter(notes)));
        var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""42["wait"]""", """42["e"]""", "41");
        Assert.Equal("waits", await notes.NextAsync());
        await client.DisposeAsync();

        gate.SetResult();

        Assert.Equal(["e", "limiter"], await notes.NextAsync(2));
    }

    [Theory]
    [InlineData("factory")]
    [InlineData("none")]
    [InlineData("limiter")]
    public async Task What_cannot_be_counted_is_not_handled(string fault)
    {
        await using var host = await TestHost.StartAsync(
            io =>
            {
                io.OnPing();
                io.Of("/chat").On("e", () => Assert.Fail("It runs.")).LimitEvents(_ => fault switch
                {
                    "factory" => throw new OperationCanceledException("mine"),
                    "none" => null!,
                    _ => new ToldLimiter(null!),
                });
            },
            options => options.AckErrors = true);
        await using var client = await SocketClient.JoinAsync(host);
        await client.AskAsync("40/chat,");

        Assert.Equal("""43/chat,1[{"error":"failed"}]""", await client.AskAsync("""42/chat,1["e"]"""));

        await client.AssertAliveAsync();
        Assert.Contains("\"e\" in /chat", Assert.Single(host.Log.Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A79_Bad_events_are_one_line_of_a_connection()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing().On("e", (int number) => number);
            io.Of("/none").LimitEvents(new TokenBucketRateLimiterOptions { TokenLimit = 1, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromHours(1) });
            io.Of("/auth").OnConnecting(([FromAuth] int number) => { });
        });
        await using var client = await SocketClient.JoinAsync(host);
        await client.AskAsync("40/none,");

        for (var i = 0; i < 20; i++) await client.SendAsync("""42["e","x"]""", """42/none,["x"]""", """40/auth,{}""");
        for (var i = 0; i < 20; i++) await client.ReadAsync();
        await client.AssertAliveAsync();

        var seen = host.Log.Lines.Where(line => line.Category == "SocketIOServer" && line.Level >= Microsoft.Extensions.Logging.LogLevel.Information);
        // The first event, and the first refusal, which is limited by the hour and not by the connection.
        Assert.Equal([8, 20], seen.Select(line => line.Id.Id).Order());
        Assert.Equal(57, host.Log.Lines.Count(line => line.Category == "SocketIOServer" && line.Id.Id is 1 or 25));
    }

    [Fact]
    public async Task Wrong_numbers_are_refused_at_start() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TestHost.StartAsync(io => io.LimitEvents(new TokenBucketRateLimiterOptions())));

    /// <summary>Lets everything pass and tells of its end; throws without an inbox.</summary>
    private sealed class ToldLimiter(Inbox<string> ended) : RateLimiter
    {
        public override TimeSpan? IdleDuration => null;

        public override RateLimiterStatistics? GetStatistics() => null;

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => ended is null ? throw new ObjectDisposedException("mine") : new Lease();

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => new(new Lease());

        protected override void Dispose(bool disposing)
        {
            ended.Add("limiter");
            base.Dispose(disposing);
        }

        private sealed class Lease : RateLimitLease
        {
            public override bool IsAcquired => true;

            public override IEnumerable<string> MetadataNames => [];

            public override bool TryGetMetadata(string metadataName, out object? metadata)
            {
                metadata = null;
                return false;
            }
        }
    }
}
