using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Messages are held back until the server has written earlier broadcasts, and for nothing else.</summary>
public sealed class BroadcastBackpressureTests
{
    private const int Window = 32 * 1024;

    // The send loop, its connection, and both once more.
    private const int PassesToWrite = 4;

    // With a clock that stands still, a busy machine changes nothing.
    private readonly BroadcastBackpressure _backpressure = new(new FakeClock());
    private readonly HeldScheduler _sendLoops = new();

    [Fact]
    public void It_holds_messages_once_32_KiB_were_queued()
    {
        _backpressure.Broadcast(Window - 1);
        Assert.False(_backpressure.IsHolding);

        _backpressure.Broadcast(1);
        Assert.True(_backpressure.IsHolding);
    }

    [Fact]
    public void A_message_is_not_held_before_that() => Assert.True(_backpressure.HoldAsync(0, _sendLoops).IsCompletedSuccessfully);

    [Fact]
    public async Task Four_sendLoops_later_all_is_written()
    {
        _backpressure.Broadcast(10 * Window);

        var wait = _backpressure.HoldAsync(0, _sendLoops);
        await _sendLoops.RunAsync(PassesToWrite - 1);
        Assert.False(wait.IsCompleted);
        await _sendLoops.RunAsync(1);

        await wait.Soon();
        Assert.False(_backpressure.IsHolding);
    }

    [Fact]
    public async Task Nobody_waits_forever_while_others_go_on_broadcasting()
    {
        _backpressure.Broadcast(Window);

        var wait = _backpressure.HoldAsync(0, _sendLoops);
        for (var i = 0; i < PassesToWrite; i++)
        {
            Assert.False(wait.IsCompleted);
            _backpressure.Broadcast(Window);
            await _sendLoops.RunAsync(1);
        }

        await wait.Soon();
        Assert.True(_backpressure.IsHolding);
    }

    [Fact]
    public async Task Messages_of_32_KiB_are_released_together_in_the_order_of_arrival()
    {
        AddInTwo();

        var waits = Array.ConvertAll(new int[6], _ => _backpressure.HoldAsync(Window / 2, _sendLoops));
        await _sendLoops.RunAsync(PassesToWrite);
        await Task.WhenAll(waits[..2]).Soon();
        Assert.DoesNotContain(waits[2..], wait => wait.IsCompleted);
        // They broadcast nothing.
        await HandledAsync(waits[..2]);
        await Task.WhenAll(waits[2..4]).Soon();
        Assert.DoesNotContain(waits[4..], wait => wait.IsCompleted);
        // These did.
        AddInTwo();
        await HandledAsync(waits[2..4]);
        await _sendLoops.RunAsync(PassesToWrite - 1);
        Assert.DoesNotContain(waits[4..], wait => wait.IsCompleted);
        await _sendLoops.RunAsync(1);

        await Task.WhenAll(waits[4..]).Soon();
        Assert.False(_backpressure.IsHolding);
    }

    [Fact]
    public async Task A_short_message_is_expected_to_broadcast_as_much_as_the_latest_one()
    {
        _backpressure.Broadcast(Window);

        var waits = Array.ConvertAll(new int[3], _ => _backpressure.HoldAsync(10, _sendLoops));
        await _sendLoops.RunAsync(PassesToWrite);
        await waits[0].Soon();
        Assert.DoesNotContain(waits[1..], wait => wait.IsCompleted);
        _backpressure.Broadcast(10);
        await HandledAsync(waits[0]);

        await Task.WhenAll(waits).Soon();
    }

    [Fact]
    public async Task A_message_that_comes_while_others_are_held_is_held_behind_them()
    {
        _backpressure.Broadcast(Window);

        var first = _backpressure.HoldAsync(0, _sendLoops);
        var second = _backpressure.HoldAsync(0, _sendLoops);
        await _sendLoops.RunAsync(PassesToWrite);
        await first.Soon();
        Assert.True(_backpressure.IsHolding);
        var third = _backpressure.HoldAsync(0, _sendLoops);
        await HandledAsync(first);
        await second.Soon();
        Assert.False(third.IsCompleted);
        await HandledAsync(second);

        await third.Soon();
        Assert.False(_backpressure.IsHolding);
    }

    [Fact]
    public async Task A_message_that_is_held_is_not_handled()
    {
        var (session, handled) = Open();
        _backpressure.Broadcast(Window);

        var received = session.Inbox.ReceiveAsync(Message("late")).AsTask();
        await _sendLoops.RunAsync(PassesToWrite - 1);
        Assert.Empty(handled);
        Assert.True(session.Inbox.IsBusy);
        await _sendLoops.RunAsync(1);

        Assert.True(await received.Soon());
        Assert.Equal(["late"], handled);
        Assert.False(session.Inbox.IsBusy);
    }

    [Fact]
    public async Task A_pong_is_never_held()
    {
        var (session, _) = Open();
        _backpressure.Broadcast(Window);

        Assert.True(session.Inbox.ReceiveAsync(new(EnginePacketType.Pong, default)).AsTask().IsCompletedSuccessfully);
        await session.Inbox.ReceiveAsync(new(EnginePacketType.Close, default));
        Assert.False(session.IsOpen);
    }

    [Fact]
    public async Task A_message_of_a_session_that_closed_meanwhile_is_not_handled()
    {
        var (session, handled) = Open();
        _backpressure.Broadcast(Window);

        var received = session.Inbox.ReceiveAsync(Message("too late")).AsTask();
        session.Close(CloseReason.TransportClose);
        // One is the send loop's, which the end wakes.
        await _sendLoops.RunAsync(PassesToWrite + 1);

        Assert.False(await received.Soon());
        Assert.Empty(handled);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Over_a_WebSocket_everything_is_handled_in_order(int eio)
    {
        await using var host = await StartHoldingAsync();
        await using var client = await host.ConnectAsync(eio);

        for (var i = 0; i < 50; i++) await client.SendAsync($"4{i}");

        for (var i = 0; i < 50; i++) Assert.Equal($"4{i}", await client.ReadAsync());
    }

    [Fact]
    public async Task By_polling_everything_is_handled_in_order()
    {
        await using var host = await StartHoldingAsync();
        var client = await host.PollAsync();
        var sent = string.Join('\x1e', Enumerable.Range(0, 50).Select(i => $"4{i}"));

        Assert.Equal(200, (await client.PostAsync(sent)).Status);

        Assert.Equal(sent, await client.PollAsync());
    }

    [Fact]
    public async Task A_handler_that_blocks_delays_the_next_messages_by_20_ms()
    {
        var clock = new FakeClock();
        var backpressure = new BroadcastBackpressure(clock);
        backpressure.Broadcast(Window);

        var first = backpressure.HoldAsync(0, _sendLoops);
        var second = backpressure.HoldAsync(0, _sendLoops);
        await _sendLoops.RunAsync(PassesToWrite);
        var released = (await first)!;
        await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(20));
        clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await second.Soon();

        released.OnHandled();
        Assert.Equal(0, clock.ArmedTimers);
    }

    [Fact]
    public async Task Messages_behind_a_handler_that_throws_are_released()
    {
        var (session, _) = Open(onMessage: () => throw new InvalidOperationException());
        _backpressure.Broadcast(Window);

        var received = session.Inbox.ReceiveAsync(Message("bad")).AsTask();
        var next = _backpressure.HoldAsync(0, _sendLoops);
        await _sendLoops.RunAsync(PassesToWrite);

        Assert.False(await received.Soon());
        Assert.Equal(CloseReason.InternalError, session.CloseReason);
        await next.Soon();
    }

    // The latest broadcast is short.
    private void AddInTwo()
    {
        _backpressure.Broadcast(Window - 1);
        _backpressure.Broadcast(1);
    }

    private static async Task HandledAsync(params Task<BroadcastBackpressure.ReleasedMessages?>[] waits)
    {
        foreach (var wait in waits) (await wait)!.OnHandled();
    }

    // Sends every message back, and holds the next one.
    private static async Task<EngineHost> StartHoldingAsync()
    {
        EngineHost host = null!;
        return host = await EngineHost.StartAsync(onMessage: (client, message) =>
        {
            host.Engine.Backpressure.Broadcast(Window);
            client.Echo(message);
            return default;
        });
    }

    private static EnginePacket Message(string text) => new(EnginePacketType.Message, Encoding.UTF8.GetBytes(text));

    private (EngineSession Session, List<string> Handled) Open(Action? onMessage = null)
    {
        var application = new Application(onMessage);
        var transport = new HeldTransport(_sendLoops);
        var engine = new EngineServer(new(), application, TimeProvider.System, NullLogger.Instance, new(new("BroadcastBackpressureTests"), () => []), _backpressure, transport);
        var context = new DefaultHttpContext { Request = { Method = "GET", QueryString = new("?EIO=4&transport=websocket") } };
        _ = engine.ServeAsync(context);
        return (transport.Session, application.Handled);
    }

    /// <summary>Has sent everything and waits for more.</summary>
    private sealed class HeldTransport(PipeScheduler sendLoops) : ITransport
    {
        public EngineSession Session { get; private set; } = null!;

        public string Name => "websocket";

        public IReadOnlyList<string> Upgrades => [];

        public Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
        {
            Session = session;
            while (session.Outbox.Take(out _) == TakeResult.Taken) continue;
            return session.Outbox.WaitAsync(session.Outbox.WakeCount, sendLoops).AsTask();
        }
    }

    private sealed class Application(Action? onMessage) : IEngineApplication, IEngineClient
    {
        public List<string> Handled { get; } = [];

        public IEngineClient CreateClient(EngineSession session) => this;

        public void OnOpened()
        {
        }

        public ValueTask OnMessageAsync(EnginePacket message)
        {
            onMessage?.Invoke();
            Handled.Add(Encoding.UTF8.GetString(message.Data.Span));
            return default;
        }

        public void OnClosed(CloseReason reason)
        {
        }
    }
}
