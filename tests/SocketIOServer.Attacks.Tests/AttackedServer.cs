using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Attacks.Tests;

/// <summary>
/// A server with a witness on it. After each attack everything that the attackers had must be gone again: sessions, sockets, rooms, namespaces,
/// pending calls, handlers, timers and connections.
/// </summary>
public class AttackedServer : IAsyncLifetime
{
    private const string Quiet = "1 sessions, 1 sockets, 0 rooms, 0 namespaces, 1 joined, 0 left, 0 farewells, 0 handlers, 1 timers, 1 connections";

    private readonly ConcurrentDictionary<string, int> _joined = new();
    private readonly ConcurrentDictionary<string, string> _left = new();
    private readonly MeterListener _meters = new();
    private int _connections;
    private int _handlers;
    private int _farewells;
    private bool _isDisturbed;

    internal TestHost Host { get; private set; } = null!;

    internal Witness Witness { get; private set; } = null!;

    private SocketServer Server => Host.Services.GetRequiredService<SocketServer>();

    public async ValueTask InitializeAsync()
    {
        Host = await TestHost.StartAsync(Declare, Configure, Build, Use);
        var factory = Host.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "kestrel.active_connections" && instrument.Meter.Scope == factory) self.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _connections, (int)change));
        _meters.Start();
        Witness = await Witness.StartAsync(Host);
        // OnConnected runs behind the connect packet.
        await Eventually.TrueAsync(() => Describe() == Quiet, Describe);
    }

    public async ValueTask DisposeAsync()
    {
        await AssertQuietAsync();
        await Witness.DisposeAsync();
        await Host.DisposeAsync();
        _meters.Dispose();
        Faults.AssertNone();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends the same on both transports, and checks what comes of it.</summary>
    /// <param name="outcome">One of <see cref="Outcome"/>, or the replies to one that stays, with "␞" between them.</param>
    /// <param name="messages">As <see cref="Message"/> has them.</param>
    /// <param name="joins">Whether the attacker is in "/" before.</param>
    internal async Task AttackAsync(string outcome, string[] messages, bool joins = true)
    {
        foreach (var isPolling in (bool[])[false, true])
        {
            await using (var attacker = await Attacker.OpenAsync(Host, isPolling, joins))
            {
                var (replies, end) = await attacker.SendAsync(messages);
                var isEnd = Outcome.IsEnd(outcome);
                Assert.Equal(
                    (attacker.Name, isEnd ? "" : outcome, attacker.EndFor(isEnd ? outcome : Outcome.Alive)),
                    (attacker.Name, replies, end));
                if (isEnd && joins) Assert.Equal(attacker.ReasonFor(outcome), await ReasonAsync(attacker.SocketId));
                await Witness.EchoAsync();
            }

            await AssertQuietAsync();
        }
    }

    /// <summary>Why a socket left, as OnDisconnected was told.</summary>
    internal async Task<string> ReasonAsync(string socketId)
    {
        await Eventually.TrueAsync(() => _left.ContainsKey(socketId), "OnDisconnected has run");
        return _left[socketId];
    }

    /// <summary>The same as it is now: null where the socket has not left.</summary>
    internal string? ReasonOf(string socketId) => _left.GetValueOrDefault(socketId);

    /// <summary>Nothing is left but the witness, and nothing was logged as an error.</summary>
    internal async Task AssertQuietAsync()
    {
        // Each test after the one that left something would wait for it as long.
        Assert.False(_isDisturbed, "An earlier test of this class has left something.");
        _isDisturbed = true;
        await Witness.EchoAsync();
        await Eventually.TrueAsync(
            () => Describe() == Quiet.Replace("1 joined, 0 left", $"{_joined.Count} joined, {_joined.Count - 1} left", StringComparison.Ordinal),
            () => $"Something is left: {Describe()}");
        Assert.All(_joined.Values, times => Assert.Equal(1, times));
        Assert.Empty(Host.Log.Errors);
        _isDisturbed = false;
    }

    /// <summary>A client is served as before, and nothing has come to it.</summary>
    internal async Task StaysAsync(Attacker attacker)
    {
        Assert.Equal(("", Outcome.Alive), await attacker.SendAsync());
        await Witness.EchoAsync();
    }

    /// <summary>Sessions that are not closed.</summary>
    internal int OpenSessions => Server.Engines.SelectMany(engine => engine.Sessions.All).Count(session => session.IsOpen);

    /// <summary>Handlers that wait for an answer of their client.</summary>
    internal int Handlers => _handlers;

    /// <summary>A second transport of this session knocks.</summary>
    internal bool IsProbing(string sid) => Find(sid).Upgrade is UpgradeState.Probing or UpgradeState.Answered;

    /// <summary>A poll of this session waits at the server.</summary>
    internal Task PollArrivesAsync(string sid) => Eventually.TrueAsync(() => Find(sid).Outbox.Lease.CurrentCount == 0, "the poll has arrived");

    /// <summary>A POST of this session is being read.</summary>
    internal Task PostArrivesAsync(string sid) => Eventually.TrueAsync(() => Find(sid).Inbox.Lease.CurrentCount == 0, "the POST has arrived");

    /// <summary>Moves the clock in steps in which the witness answers its pings.</summary>
    internal async Task AdvanceAsync(TimeSpan by)
    {
        for (var step = TimeSpan.FromSeconds(5); by > TimeSpan.Zero; by -= step)
        {
            Host.Time.Advance(by < step ? by : step);
            await Witness.EchoAsync();
        }
    }

    /// <summary>Changes the defaults.</summary>
    protected virtual void Configure(SocketServerOptions options)
    {
    }

    /// <summary>Adds services.</summary>
    protected virtual void Build(WebApplicationBuilder builder)
    {
    }

    /// <summary>Adds middleware before the endpoint.</summary>
    protected virtual void Use(WebApplication app)
    {
    }

    /// <summary>The handlers that the tables speak to.</summary>
    protected virtual void Declare(SocketEndpointBuilder io)
    {
        Observe(io);
        Observe(io.Of("/chat"));
        io.On("ping", () => "pong")
            .On("echo", (JsonElement value) => value)
            .On("node", (JsonNode? value) => value)
            .On("count", (JsonNode?[] all) => all.Length)
            .On("int", (int number) => number)
            .On("double", (double number) => number)
            .On("text", (string text) => text)
            .On("list", (List<Dictionary<string, int>> list) => list.Count)
            .On("bytes", (byte[] data) => data.Length)
            .On("two", (byte[] first, byte[] second) => first.Length + second.Length)
            .On("ask", AskAsync);
    }

    private void Observe(SocketNamespaceBuilder io) => io
        .OnConnected((ISocket socket) => _joined.AddOrUpdate(socket.Id, 1, (_, times) => times + 1))
        .OnDisconnected((ISocket socket, LeaveReason reason) =>
        {
            Interlocked.Increment(ref _farewells);
            _left.AddOrUpdate(socket.Id, reason.Text, (_, _) => "left twice");
            Interlocked.Decrement(ref _farewells);
        });

    // What a client answers, or that it did not.
    private async Task<string> AskAsync(ISocket socket)
    {
        Interlocked.Increment(ref _handlers);
        try
        {
            return (await socket.CallAsync<JsonElement>("question", timeout: TimeSpan.FromSeconds(5))).ToString();
        }
        catch (TimeoutException)
        {
            return "no answer";
        }
        finally
        {
            Interlocked.Decrement(ref _handlers);
        }
    }

    private EngineSession Find(string sid) => Server.Engines.SelectMany(engine => engine.Sessions.All).Single(session => session.Id == sid);

    private string Describe()
    {
        var namespaces = Server.Namespaces.ToArray();
        return $"{Server.Engines.Sum(engine => engine.Sessions.Count)} sessions, {namespaces.Sum(one => one.SocketCount)} sockets, "
            + $"{namespaces.Sum(one => one.RoomsAsync().Result.Count)} rooms, {Server.Dynamic.Open.Length} namespaces, "
            + $"{_joined.Count} joined, {_left.Count} left, {_farewells} farewells, {_handlers} handlers, "
            + $"{Host.Time.ArmedTimers} timers, {_connections} connections";
    }
}
