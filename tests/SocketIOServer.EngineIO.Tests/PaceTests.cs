using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Who says much to many waits until the server has written it, and for nothing else.</summary>
public sealed class PaceTests
{
    private const int Window = 32 * 1024;

    // Of the send loop, of its connection, and of both once more.
    private const int TurnsToWrite = 4;

    // A machine that is busy keeps nobody up here.
    private readonly Pace _pace = new(new FakeClock());
    private readonly HeldTurns _turns = new();

    [Fact]
    public void It_is_behind_when_32_KiB_were_queued()
    {
        Assert.False(_pace.Add(Window - 1));
        Assert.False(_pace.IsBehind);

        Assert.True(_pace.Add(1));
        Assert.True(_pace.IsBehind);
    }

    [Fact]
    public void Who_is_not_behind_does_not_wait() => Assert.True(_pace.WaitAsync(0, _turns).IsCompletedSuccessfully);

    [Fact]
    public async Task Four_turns_later_all_is_written()
    {
        _pace.Add(10 * Window);

        var wait = _pace.WaitAsync(0, _turns);
        await _turns.RunAsync(TurnsToWrite - 1);
        Assert.False(wait.IsCompleted);
        await _turns.RunAsync(1);

        await wait.Soon();
        Assert.False(_pace.IsBehind);
    }

    [Fact]
    public async Task Nobody_waits_for_ever_where_others_go_on_queueing()
    {
        _pace.Add(Window);

        var wait = _pace.WaitAsync(0, _turns);
        for (var i = 0; i < TurnsToWrite; i++)
        {
            Assert.False(wait.IsCompleted);
            _pace.Add(Window);
            await _turns.RunAsync(1);
        }

        await wait.Soon();
        Assert.True(_pace.IsBehind);
    }

    [Fact]
    public async Task So_many_go_on_as_bring_no_more_than_32_KiB_and_who_came_first_goes_first()
    {
        AddInTwo();

        var waits = Array.ConvertAll(new int[6], _ => _pace.WaitAsync(Window / 2, _turns));
        await _turns.RunAsync(TurnsToWrite);
        await Task.WhenAll(waits[..2]).Soon();
        Assert.DoesNotContain(waits[2..], wait => wait.IsCompleted);
        // They said nothing.
        await HandledAsync(waits[..2]);
        await Task.WhenAll(waits[2..4]).Soon();
        Assert.DoesNotContain(waits[4..], wait => wait.IsCompleted);
        // They did.
        AddInTwo();
        await HandledAsync(waits[2..4]);
        await _turns.RunAsync(TurnsToWrite - 1);
        Assert.DoesNotContain(waits[4..], wait => wait.IsCompleted);
        await _turns.RunAsync(1);

        await Task.WhenAll(waits[4..]).Soon();
        Assert.False(_pace.IsBehind);
    }

    [Fact]
    public async Task Of_short_messages_each_may_say_as_much_as_the_latest_did()
    {
        _pace.Add(Window);

        var waits = Array.ConvertAll(new int[3], _ => _pace.WaitAsync(10, _turns));
        await _turns.RunAsync(TurnsToWrite);
        await waits[0].Soon();
        Assert.DoesNotContain(waits[1..], wait => wait.IsCompleted);
        _pace.Add(10);
        await HandledAsync(waits[0]);

        await Task.WhenAll(waits).Soon();
    }

    [Fact]
    public async Task Who_comes_while_others_wait_goes_behind_them()
    {
        _pace.Add(Window);

        var first = _pace.WaitAsync(0, _turns);
        var second = _pace.WaitAsync(0, _turns);
        await _turns.RunAsync(TurnsToWrite);
        await first.Soon();
        Assert.True(_pace.IsBehind);
        var third = _pace.WaitAsync(0, _turns);
        await HandledAsync(first);
        await second.Soon();
        Assert.False(third.IsCompleted);
        await HandledAsync(second);

        await third.Soon();
        Assert.False(_pace.IsBehind);
    }

    [Fact]
    public async Task A_message_is_not_handled_before_its_turn()
    {
        var (session, handled) = Open();
        _pace.Add(Window);

        var received = session.ReceiveAsync(Message("late")).AsTask();
        await _turns.RunAsync(TurnsToWrite - 1);
        Assert.Empty(handled);
        Assert.True(session.IsBusy);
        await _turns.RunAsync(1);

        Assert.True(await received.Soon());
        Assert.Equal(["late"], handled);
        Assert.False(session.IsBusy);
    }

    [Fact]
    public async Task A_pong_waits_for_nothing()
    {
        var (session, _) = Open();
        _pace.Add(Window);

        Assert.True(session.ReceiveAsync(new(EnginePacketType.Pong, default)).AsTask().IsCompletedSuccessfully);
        await session.ReceiveAsync(new(EnginePacketType.Close, default));
        Assert.False(session.IsOpen);
    }

    [Fact]
    public async Task A_message_of_a_session_that_closed_meanwhile_is_not_handled()
    {
        var (session, handled) = Open();
        _pace.Add(Window);

        var received = session.ReceiveAsync(Message("too late")).AsTask();
        session.Close(CloseReason.TransportClose);
        // One is the send loop's, which the end wakes.
        await _turns.RunAsync(TurnsToWrite + 1);

        Assert.False(await received.Soon());
        Assert.Empty(handled);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Over_a_WebSocket_all_is_handled_in_order(int eio)
    {
        await using var host = await StartBehindAsync();
        await using var client = await host.ConnectAsync(eio);

        for (var i = 0; i < 50; i++) await client.SendAsync($"4{i}");

        for (var i = 0; i < 50; i++) Assert.Equal($"4{i}", await client.ReadAsync());
    }

    [Fact]
    public async Task By_polling_all_is_handled_in_order()
    {
        await using var host = await StartBehindAsync();
        var client = await host.PollAsync();
        var sent = string.Join('\x1e', Enumerable.Range(0, 50).Select(i => $"4{i}"));

        Assert.Equal(200, (await client.PostAsync(sent)).Status);

        Assert.Equal(sent, await client.PollAsync());
    }

    [Fact]
    public async Task A_handler_that_keeps_its_thread_holds_the_others_up_for_20_ms()
    {
        var clock = new FakeClock();
        var pace = new Pace(clock);
        pace.Add(Window);

        var first = pace.WaitAsync(0, _turns);
        var second = pace.WaitAsync(0, _turns);
        await _turns.RunAsync(TurnsToWrite);
        var batch = (await first)!;
        await clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(20));
        clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(second.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await second.Soon();

        batch.OnHandled();
        Assert.Equal(0, clock.ArmedTimers);
    }

    [Fact]
    public async Task Those_behind_a_handler_that_throws_go_on()
    {
        var (session, _) = Open(onMessage: () => throw new InvalidOperationException());
        _pace.Add(Window);

        var received = session.ReceiveAsync(Message("bad")).AsTask();
        var next = _pace.WaitAsync(0, _turns);
        await _turns.RunAsync(TurnsToWrite);

        Assert.False(await received.Soon());
        Assert.Equal(CloseReason.InternalError, session.CloseReason);
        await next.Soon();
    }

    // The latest said next to nothing.
    private void AddInTwo()
    {
        _pace.Add(Window - 1);
        _pace.Add(1);
    }

    private static async Task HandledAsync(params Task<Pace.Batch?>[] waits)
    {
        foreach (var wait in waits) (await wait)!.OnHandled();
    }

    // Sends every message back, and is behind again after each.
    private static async Task<EngineHost> StartBehindAsync()
    {
        EngineHost host = null!;
        return host = await EngineHost.StartAsync(onMessage: (client, message) =>
        {
            host.Engine.Pace.Add(Window);
            client.Echo(message);
            return default;
        });
    }

    private static EnginePacket Message(string text) => new(EnginePacketType.Message, Encoding.UTF8.GetBytes(text));

    private (EngineSession Session, List<string> Handled) Open(Action? onMessage = null)
    {
        var application = new Application(onMessage);
        var transport = new HeldTransport(_turns);
        var engine = new EngineServer(new(), application, TimeProvider.System, NullLogger.Instance, new(new("PaceTests"), () => []), _pace, transport);
        var context = new DefaultHttpContext { Request = { Method = "GET", QueryString = new("?EIO=4&transport=websocket") } };
        _ = engine.ServeAsync(context);
        return (transport.Session, application.Handled);
    }

    /// <summary>Has sent all and waits for more.</summary>
    private sealed class HeldTransport(PipeScheduler turns) : ITransport
    {
        public EngineSession Session { get; private set; } = null!;

        public string Name => "websocket";

        public IReadOnlyList<string> Upgrades => [];

        public Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
        {
            Session = session;
            while (session.Outbox.Take(out _) == TakeResult.Taken) continue;
            return session.Outbox.WaitAsync(session.Outbox.Interrupts, turns).AsTask();
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
