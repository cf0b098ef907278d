using Chat.Presence;
using Chat.Rooms;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Redis.Tests;
using StackExchange.Redis;

namespace Chat.Tests;

/// <summary>The counts that other programs read, as they read them.</summary>
public sealed class RedisCountsTests : IAsyncLifetime
{
    private readonly ChatProgram _chat = ChatProgram.Start();
    private RedisServer _redis = null!;
    private RedisCounts _counts = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _counts = new(_chat.Of<OnlineUsers>(), _chat.Io, _chat.Clock, NullLogger<RedisCounts>.Instance, new() { Redis = $"127.0.0.1:{_redis.Port}" });
    }

    public async ValueTask DisposeAsync()
    {
        await _counts.StopAsync(default);
        _counts.Dispose();
        await _chat.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task They_follow_who_is_here_and_vanish_15_seconds_after_the_last_node()
    {
        await _counts.StartAsync(default);
        await using var ada = await _chat.JoinAsync("/rooms", "Ada");
        await using var bob = await _chat.JoinAsync("/rooms", "Bob");
        var tea = await ada.CallAsync<Room>("create", "tea");
        await ReadsAsync($"room:{tea.Id}=1 users=2");

        await bob.CallAsync("join", tea.Id);
        await ReadsAsync($"room:{tea.Id}=2 users=2");
        await ada.CallAsync("close_room", tea.Id);
        await _chat.JoinAsync("/", "Eve");
        await ReadsAsync("users=3");

        Assert.InRange((long)await _redis.ExecuteAsync("PTTL", RedisCounts.Key), 1, (long)RedisCounts.Expiry.TotalMilliseconds);
    }

    [Fact]
    public async Task They_are_back_after_an_outage()
    {
        await _counts.StartAsync(default);
        await ReadsAsync("users=0");

        await _redis.KillAsync();
        await using var ada = await _chat.JoinAsync("/", "Ada");
        for (var i = 0; i < 4; i++) _chat.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await _redis.RunAsync();

        await ReadsAsync("users=1");
    }

    private async Task ReadsAsync(string expected)
    {
        var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (true)
        {
            _chat.Clock.Advance(TimeSpan.FromMilliseconds(500));
            var fields = (RedisValue[])(await _redis.ExecuteAsync("HGETALL", RedisCounts.Key))!;
            var found = string.Join(' ', fields.Chunk(2).Select(field => $"{field[0]}={field[1]}").Order(StringComparer.Ordinal));
            if (found == expected) return;
            Assert.True(Environment.TickCount64 < end, $"Redis has \"{found}\"");
            await Task.Delay(5);
        }
    }
}
