using Chat.Accounts;
using SocketIOServer.Testing;

namespace Chat.Tests;

/// <summary>The counting of attempts by itself: so many keys are no matter of a few requests.</summary>
public sealed class PerMinuteTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void A_key_may_so_often_and_again_a_minute_after_its_first_time()
    {
        var limit = new PerMinute(2, _clock);

        Assert.True(limit.TryCount("a"));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(limit.TryCount("a"));
        Assert.False(limit.TryCount("a"));
        Assert.True(limit.TryCount("b"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limit.TryCount("a"));
    }

    [Fact]
    public void So_many_keys_are_kept_and_of_more_the_oldest_is_forgotten()
    {
        var limit = new PerMinute(1, _clock);
        for (var i = 0; i < PerMinute.MostKeys; i++) Assert.True(limit.TryCount($"{i}"));

        Assert.False(limit.TryCount("0"));
        Assert.True(limit.TryCount("one more"));
        Assert.True(limit.TryCount("0"));
        Assert.False(limit.TryCount("2"));
    }
}
