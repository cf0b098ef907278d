using System.IO.Pipelines;
using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>They are waited for while it may be the server that does not write; one that is slow itself is waited for once, and not long.</summary>
public sealed class ReceiverSampleTests
{
    private const int Much = 32 * 1024;
    private const int MaxLooks = 20;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly FakeClock _clock = new();
    private readonly ReceiverSample _sample;

    public ReceiverSampleTests() => _sample = new(_clock);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    public async Task Who_waits_waits_until_the_receivers_have_less_than_32_KiB_before_them(int count)
    {
        var receivers = Array.ConvertAll(new int[count], _ => Behind());
        var wait = TakeAsync(receivers);

        await LookAsync(3);
        Assert.False(wait.IsCompleted);
        foreach (var receiver in receivers) Empty(receiver);
        await LookAsync(1);

        await wait.Soon();
        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public async Task One_that_takes_nothing_is_waited_for_20_ms_and_then_no_more()
    {
        var slow = Behind();
        var wait = TakeAsync(slow, new(Much));
        await LookAsync(MaxLooks - 1);
        Assert.False(wait.IsCompleted);
        await LookAsync(1);
        await wait.Soon();

        Assert.True(TakeAsync(slow, new(Much)).IsCompletedSuccessfully);

        Assert.Equal(0, _clock.ArmedTimers);
    }

    [Fact]
    public async Task Where_timers_come_late_it_is_20_ms_all_the_same()
    {
        var wait = TakeAsync(Behind());

        // As those of Windows.
        await LookAsync(1, TimeSpan.FromMilliseconds(15.6));
        Assert.False(wait.IsCompleted);
        await LookAsync(1, TimeSpan.FromMilliseconds(15.6));

        await wait.Soon();
    }

    [Fact]
    public async Task One_that_took_little_meanwhile_is_slow_too()
    {
        var slow = Behind();
        var wait = TakeAsync(slow);
        await LookAsync(1);
        slow.Take(out _);
        await LookAsync(MaxLooks - 1);
        await wait.Soon();

        Assert.True(TakeAsync(slow).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task One_that_took_much_is_waited_for_again()
    {
        var busy = Behind();
        var wait = TakeAsync(busy);
        await LookAsync(1);
        for (var i = 0; i < 16; i++) busy.Take(out _);
        await LookAsync(MaxLooks - 1);
        await wait.Soon();

        wait = TakeAsync(busy);
        await LookAsync(1);

        Assert.False(wait.IsCompleted);
    }

    [Fact]
    public async Task One_that_has_taken_all_is_slow_no_more()
    {
        var slow = Behind();
        var wait = TakeAsync(slow);
        await LookAsync(MaxLooks);
        await wait.Soon();
        Empty(slow);
        Fill(slow);

        wait = TakeAsync(slow);
        await LookAsync(1);

        Assert.False(wait.IsCompleted);
    }

    [Fact]
    public async Task One_that_has_yet_to_poll_is_not_waited_for()
    {
        var polled = new Outbox(maxBytes: 1024 * 1024);
        Fill(polled);

        Assert.True(TakeAsync(polled).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_closed_one_is_not_waited_for()
    {
        var closed = Behind();
        var wait = TakeAsync(closed);
        await LookAsync(1);
        closed.Complete(discard: true);
        await LookAsync(1);

        await wait.Soon();
    }

    private static Outbox Behind()
    {
        var outbox = new Outbox(maxBytes: 1024 * 1024);
        _ = outbox.WaitAsync(outbox.WakeCount, PipeScheduler.Inline).AsTask();
        Fill(outbox);
        return outbox;
    }

    // In messages of 1 KiB, with as much again as is too much.
    private static void Fill(Outbox outbox)
    {
        for (var i = 0; i < 2 * Much / 1024; i++) Assert.Equal(AddResult.Added, outbox.Add(new OutgoingMessage(new byte[1024])));
    }

    private static void Empty(Outbox outbox)
    {
        while (outbox.Take(out _) == TakeResult.Taken) continue;
    }

    private Task TakeAsync(params Outbox[] receivers)
    {
        _sample.Take(receivers, receivers.Length, static (receivers, index) => receivers[index]);
        return _sample.WaitUntilTakenAsync().AsTask();
    }

    private Task LookAsync(int times) => LookAsync(times, BetweenLooks);

    private async Task LookAsync(int times, TimeSpan after)
    {
        for (var i = 0; i < times; i++)
        {
            await _clock.WaitForTimerAsync(BetweenLooks);
            _clock.Advance(after);
        }
    }
}
