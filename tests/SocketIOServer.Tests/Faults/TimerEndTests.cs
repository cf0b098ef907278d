using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Testing;

namespace SocketIOServer.Tests.Faults;

/// <summary>A TimeProvider whose timers throw when they are due or at their end takes neither hooks nor the process with it.</summary>
public sealed class TimerEndTests
{
    private readonly Inbox<string> _notes = new();

    [Fact]
    public async Task What_throws_at_the_end_of_a_timer_is_logged_once_and_ends_nothing()
    {
        var clock = new Clock();
        await using var host = await TestHost.StartAsync(
            io =>
            {
                io.OnConnected(() => _notes.Add("connected")).OnDisconnected(() => _notes.Add("disconnected"));
                // The framework disposes of the timer of the ack's timeout on the pool, where nobody could catch anything.
                io.On("call", async (ISocket socket) => _notes.Add($"answer {await socket.CallAsync<int>("question")}"));
            },
            build: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        clock.Throws = true;

        // A connect deadline, the timer of an ack, that of a leaving socket's hooks, those of a session that ends.
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""42["call"]""");
        Assert.Equal("""420["question"]""", await client.ReadAsync());
        await client.SendAsync("430[5]");
        Assert.Equal(["connected", "answer 5"], await _notes.NextAsync(2));
        await client.SendAsync("41");
        Assert.Equal("disconnected", await _notes.NextAsync());
        await client.SendAsync("40");
        Assert.StartsWith("40{", await client.ReadAsync(), StringComparison.Ordinal);
        await client.CloseAsync();
        Assert.Equal(["connected", "disconnected"], await _notes.NextAsync(2));

        Assert.Equal(0, host.Services.GetRequiredService<SocketServer>().Root.SocketCount);
        var line = Assert.Single(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Level >= LogLevel.Warning);
        Assert.Equal(13, line.Id.Id);
    }

    [Fact]
    public async Task A_clock_that_throws_when_the_stores_of_sessions_keys_and_inboxes_look_for_old_ones_ends_nothing()
    {
        var clock = new Clock();
        await using var host = await TestHost.StartAsync(
            io =>
            {
                io.KeepHistory();
                io.On("order", async (string order, [RetryKey] string key, ISocket socket, ISocketNamespace here) =>
                {
                    await socket.Durable.EmitAsync("kept", order, key);
                    await here.EmitAsync("ordered", order);
                });
                io.OnDisconnected(() => _notes.Add("disconnected"));
            },
            options =>
            {
                options.Recovery = new();
                options.Inbox = new();
            },
            build: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await using (var client = await SocketClient.JoinAsync(host))
        {
            await client.SendAsync("""421["order","tea","key 1"]""");
            Assert.StartsWith("42", await client.ReadAsync(), StringComparison.Ordinal);
            await client.CloseAsync();
        }

        Assert.Equal("disconnected", await _notes.NextAsync());
        // Past all windows. On a thread of the pool, what a timer throws would end the process.
        clock.ThrowsWhenDue = true;
        clock.Advance(TimeSpan.FromDays(8));
        clock.ThrowsWhenDue = false;

        var line = Assert.Single(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Level >= LogLevel.Warning);
        Assert.Equal(13, line.Id.Id);
        await using var next = await SocketClient.JoinAsync(host);
        await next.SendAsync("""421["order","tea","key 2"]""");
        Assert.StartsWith("42", await next.ReadAsync(), StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        private readonly FakeClock _time = new();

        public volatile bool Throws;

        public volatile bool ThrowsWhenDue;

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override long GetTimestamp() => ThrowsWhenDue ? throw new InvalidOperationException("fault") : _time.GetTimestamp();

        public void Advance(TimeSpan by) => _time.Advance(by);

        public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(this, _time.CreateTimer(callback, state, dueTime, period));

        private sealed class Timer(Clock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                if (clock.Throws) throw new InvalidOperationException("fault");
            }

            public async ValueTask DisposeAsync()
            {
                await timer.DisposeAsync();
                if (clock.Throws) throw new InvalidOperationException("fault");
            }
        }
    }
}
