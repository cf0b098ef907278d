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

    [Fact]
    public async Task Wrong_numbers_are_refused_at_start() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => TestHost.StartAsync(io => io.LimitEvents(new TokenBucketRateLimiterOptions())));
}
