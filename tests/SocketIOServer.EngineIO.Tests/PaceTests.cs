using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Who says much to many waits until the server has written it, and for nothing else.</summary>
public sealed class PaceTests
{
    private const int Window = 32 * 1024;

    // Of the send loop, of its connection, and of both once more.
    private const int TurnsToWrite = 4;

    private readonly Pace _pace = new();
    private readonly HeldTurns _turns = new();

    [Fact]
    public void It_is_behind_when_32_KiB_were_queued()
    {
        _pace.Add(Window - 1);
        Assert.False(_pace.IsBehind);

        _pace.Add(1);
        Assert.True(_pace.IsBehind);
    }

    [Fact]
    public void Who_is_not_behind_does_not_wait() => Assert.True(_pace.WaitAsync(_turns).AsTask().IsCompletedSuccessfully);

    [Fact]
    public async Task Four_turns_later_all_is_written()
    {
        _pace.Add(10 * Window);

        var wait = _pace.WaitAsync(_turns).AsTask();
        await _turns.RunAsync(TurnsToWrite - 1);
        Assert.False(wait.IsCompleted);
        await _turns.RunAsync(1);

        await wait.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);
        Assert.False(_pace.IsBehind);
    }

    [Fact]
    public async Task What_is_queued_meanwhile_has_turns_of_its_own()
    {
        _pace.Add(Window);

        var wait = _pace.WaitAsync(_turns).AsTask();
        await _turns.RunAsync(1);
        _pace.Add(Window);
        await _turns.RunAsync(2 * TurnsToWrite - 2);
        Assert.False(wait.IsCompleted);
        await _turns.RunAsync(1);

        await wait.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);
        Assert.False(_pace.IsBehind);
    }

    [Fact]
    public async Task Nobody_waits_for_ever_where_others_go_on_queueing()
    {
        _pace.Add(Window);

        var wait = _pace.WaitAsync(_turns).AsTask();
        for (var i = 0; i < 4 * TurnsToWrite; i++)
        {
            Assert.False(wait.IsCompleted);
            _pace.Add(Window);
            await _turns.RunAsync(1);
        }

        await wait.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken);
        Assert.True(_pace.IsBehind);
    }

    [Fact]
    public async Task All_who_wait_go_on_after_the_same_turns()
    {
        _pace.Add(Window);

        var waits = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _pace.WaitAsync(_turns).AsTask()));
        // The first to have had its four lets the others go.
        while (!waits.IsCompleted) await Task.WhenAny(waits, _turns.RunAsync(1));

        await waits;
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

        Assert.True(await received.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken));
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

        Assert.False(await received.WaitAsync(TestHost.Patience, TestContext.Current.CancellationToken));
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

    private (EngineSession Session, List<string> Handled) Open()
    {
        var application = new Application();
        var transport = new HeldTransport(_turns);
        var engine = new EngineServer(new(), application, TimeProvider.System, NullLogger.Instance, new(new("PaceTests"), () => []), _pace, transport);
        var context = new DefaultHttpContext { Request = { Method = "GET", QueryString = new("?EIO=4&transport=websocket") } };
        _ = engine.ServeAsync(context);
        return (transport.Session, application.Handled);
    }

    /// <summary>Runs what is scheduled when a test says so.</summary>
    private sealed class HeldTurns : PipeScheduler
    {
        private readonly Channel<(Action<object?> Action, object? State)> _held = Channel.CreateUnbounded<(Action<object?>, object?)>();

        public override void Schedule(Action<object?> action, object? state) => Assert.True(_held.Writer.TryWrite((action, state)));

        public async Task RunAsync(int count)
        {
            using var patience = new CancellationTokenSource(TestHost.Patience);
            for (var i = 0; i < count; i++)
            {
                var (action, state) = await _held.Reader.ReadAsync(patience.Token);
                action(state);
            }
        }
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

    private sealed class Application : IEngineApplication, IEngineClient
    {
        public List<string> Handled { get; } = [];

        public IEngineClient CreateClient(EngineSession session) => this;

        public void OnOpened()
        {
        }

        public ValueTask OnMessageAsync(EnginePacket message)
        {
            Handled.Add(Encoding.UTF8.GetString(message.Data.Span));
            return default;
        }

        public void OnClosed(CloseReason reason)
        {
        }
    }
}
