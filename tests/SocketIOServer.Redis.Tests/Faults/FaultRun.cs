using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using ConfigurationOptions = StackExchange.Redis.ConfigurationOptions;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>
/// Two servers over Redis with a client each. The near client sends a number every few milliseconds, and its server emits it to everybody, before, during
/// and after a fault. The near client must get every number at once; what the far one misses must be counted.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(TimeSpan At, BusState State)> _changes = [];
    private readonly ConcurrentDictionary<int, TimeSpan> _sentAt = new();
    private readonly ConcurrentQueue<TimeSpan> _latencies = new();
    private readonly ConcurrentQueue<(int Number, TimeSpan At)> _far = new();
    private readonly CancellationTokenSource _quiet = new();
    private readonly Server[] _servers = new Server[2];
    private readonly Client[] _clients = new Client[2];
    private readonly List<Task> _running = [];
    private int _near;
    private int _sent;
    private int _waited;
    private int _linesAtStart;

    private ClusterNode Near => _servers[0].Node;

    private ClusterNode Far => _servers[1].Node;

    /// <summary>One round of a fault.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="near">The way of the server that publishes to Redis.</param>
    /// <param name="far">The way of the other server.</param>
    public static async Task CheckAsync(Fault fault, ConfigurationOptions near, ConfigurationOptions far)
    {
        UnobservedExceptions.Watch();
        await using (var run = new FaultRun())
        {
            if (fault.IsAtStart) await fault.BeginAsync();
            await run.StartAsync([near, far]);
            await run.RunAsync(fault);
        }

        Assert.Equal("", string.Join('\n', UnobservedExceptions.Collect()));
    }

    public async ValueTask DisposeAsync()
    {
        await _quiet.CancelAsync();
        foreach (var client in _clients) await client.DisposeAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var server in _servers) await server.DisposeAsync();
        _quiet.Dispose();
    }

    private async Task StartAsync(ConfigurationOptions[] configurations)
    {
        for (var i = 0; i < 2; i++)
        {
            var configuration = configurations[i];
            var host = await TestHost.StartAsync(
                io => io.On("say", (int number, ISocketServer server) => Emit(server, number)),
                options => options.PingInterval = TimeSpan.FromHours(1),
                builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO().AddRedis(o => (o.Configuration, o.ProbeInterval) = (configuration, Rounds.ProbeInterval)));
            _servers[i] = new(host, null);
            _clients[i] = await _servers[i].JoinAsync();
        }
    }

    // Nothing of the local path may wait for the bus.
    private void Emit(ISocketServer server, int number)
    {
        if (!server.EmitAsync("news", number).AsTask().IsCompletedSuccessfully) Interlocked.Increment(ref _waited);
    }

    private async Task RunAsync(Fault fault)
    {
        if (!fault.IsAtStart) await UntilAsync(() => AreAlive && Near.Members.Count == 1 && Far.Members.Count == 1, "the servers did not find each other");
        foreach (var node in (ClusterNode[])[Near, Far]) node.Bus.StateChanged += Note;
        _linesAtStart = Lines();
        _running.Add(ReadNearAsync());
        _running.Add(ReadFarAsync());
        _running.Add(SayAsync());
        await SaidAsync(40);

        var begin = _clock.Elapsed;
        if (!fault.IsAtStart) await fault.BeginAsync();
        if (!fault.IsHarmless && !fault.IsAtStart) await UntilAsync(() => Changes().Any(change => change.At >= begin && change.State != BusState.Alive), "the fault was not noticed");
        var noticed = Changes().Where(change => change.At >= begin && change.State != BusState.Alive).Select(change => change.At - begin).FirstOrDefault();
        var left = fault.Lasts - (_clock.Elapsed - begin);
        if (left > TimeSpan.Zero) await Task.Delay(left);
        var duringFault = _sent;
        await fault.EndAsync();

        var end = _clock.Elapsed;
        var last = Volatile.Read(ref _sent);
        await UntilAsync(() => AreAlive && _far.Any(got => got.Number > last), () => $"nothing came after the fault; {Near.Bus.State} and {Far.Bus.State}");
        var back = (_far.First(got => got.Number > last).At is var at && at > end ? at : end) - end;
        await SaidAsync(40);
        await _quiet.CancelAsync();
        await _running[2];
        await UntilAsync(() => Volatile.Read(ref _near) == _sent && _far.Any(got => got.Number == _sent), () => $"near {_near}, far {_far.LastOrDefault().Number} of {_sent}");

        var missing = Judge(fault);
        var sorted = _latencies.Order().ToArray();
        Rounds.Say($"{fault.Name}: noticed {noticed.TotalSeconds:0.00} s, back {back.TotalSeconds:0.00} s; {_sent} sent, {missing} not at the other server; local p50 {sorted[sorted.Length / 2].TotalMilliseconds:0.0} ms, p99 {sorted[sorted.Length * 99 / 100].TotalMilliseconds:0.0} ms, max {sorted[^1].TotalMilliseconds:0} ms; {string.Join(' ', Changes().Select(change => change.State))}");
        Assert.True(noticed <= Limit, $"noticed after {noticed}");
        Assert.True(back <= Limit, $"back after {back}");
        Assert.True(duringFault > 40 || fault.Lasts == TimeSpan.Zero, "nothing was said during the fault");
    }

    private int Judge(Fault fault)
    {
        Assert.Equal(0, _waited);
        var numbers = _far.Select(got => got.Number).ToArray();
        Assert.Equal(numbers.Distinct().Order(), numbers);
        var missing = _sent - numbers[0] + 1 - numbers.Length;
        // A number that the other server missed before it heard the first is no gap that it can see.
        Assert.Equal(missing, Far.Gaps);
        missing = _sent - numbers.Length;
        var (_, _, dropped, queued, bytes, uncertain) = Near.Bus.Statistics;
        Assert.Equal((0, 0), (queued, bytes));
        if (fault.IsHarmless) Assert.Equal((0, 0), (missing, dropped + uncertain));
        if (fault.IsOfPublisher) Assert.InRange(missing, 0, dropped + uncertain);
        Assert.Equal(Changes().Length, Lines() - _linesAtStart);
        foreach (var server in _servers) Assert.Empty(server.Host.Log.Errors);
        return missing;
    }

    private bool AreAlive => Near.Bus.State == BusState.Alive && Far.Bus.State == BusState.Alive;

    private int Lines() => _servers.Sum(static server => server.Host.Log.Lines.Count(static line => line.Id.Id is 40 or 41));

    private void Note(BusState state)
    {
        lock (_changes) _changes.Add((_clock.Elapsed, state));
    }

    private (TimeSpan At, BusState State)[] Changes()
    {
        lock (_changes) return [.. _changes];
    }

    private async Task SayAsync()
    {
        while (!_quiet.IsCancellationRequested)
        {
            var number = _sent + 1;
            _sentAt[number] = _clock.Elapsed;
            Volatile.Write(ref _sent, number);
            await _clients[0].Socket.SendAsync($"42[\"say\",{number}]");
            await Task.Delay(5);
        }
    }

    private async Task ReadNearAsync()
    {
        while (NumberOf(await _clients[0].ReadAsync()) is { } number)
        {
            // A wrong one ends this task, and the run waits for a number that does not come.
            if (number != _near + 1) throw new InvalidOperationException($"{number} came after {_near}");
            _latencies.Enqueue(_clock.Elapsed - _sentAt[number]);
            Volatile.Write(ref _near, number);
        }
    }

    private async Task ReadFarAsync()
    {
        while (true)
        {
            string text;
            try
            {
                text = await _clients[1].ReadAsync();
            }
            catch (OperationCanceledException) when (!_quiet.IsCancellationRequested)
            {
                // The client of the test gives up; here a long silence is no failure.
                throw new InvalidOperationException("the other client heard nothing for too long");
            }

            if (NumberOf(text) is not { } number) return;
            _far.Enqueue((number, _clock.Elapsed));
        }
    }

    private static int? NumberOf(string text) =>
        text.StartsWith("42[\"news\",", StringComparison.Ordinal) ? int.Parse(text.AsSpan(10, text.Length - 11), CultureInfo.InvariantCulture) : null;

    private Task SaidAsync(int count)
    {
        var until = _sent + count;
        return UntilAsync(() => Volatile.Read(ref _near) >= until, () => $"the near client got {_near} of {_sent}");
    }

    private Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(isSo, () => what);

    // Looks less often than the traffic goes.
    private async Task UntilAsync(Func<bool> isSo, Func<string> what)
    {
        var end = _clock.Elapsed + TestHost.Patience;
        while (!isSo())
        {
            if (_clock.Elapsed > end) throw new TimeoutException($"{what()}; {string.Join(' ', Changes().Select(change => $"{change.At.TotalSeconds:0.0} {change.State}"))}; {_running.FirstOrDefault(task => task.IsFaulted)?.Exception?.Message}");
            await Task.Delay(5);
        }
    }
}
