using SocketIOServer.Soak.Clients;

namespace SocketIOServer.Soak.Recovery;

/// <summary>One client that is cut at random times and comes back to any of the servers up to ten seconds later, until the traffic ends and it has everything.</summary>
internal sealed class Traveller(RecoveryServers servers, RecoveryTraffic traffic, int number, TimeSpan maxAway) : IAsyncDisposable
{
    private readonly RecoveringPeer _peer = new();
    private readonly Ledger _ledger = new();
    private int _at = number % servers.Addresses.Count;

    public int Events => _ledger.Events;

    /// <summary>Where it came back to a server of ours that it was at, or to another one of ours, after it was at ours.</summary>
    public Stays Ours { get; } = new();

    /// <summary>Where it came to Node's server, or from it.</summary>
    public Stays WithNode { get; } = new();

    public override string ToString() => $"client {number} at server {_at}: {_ledger}; " + string.Join(", ", RecoveryTraffic.SourcesOf(number).Select(source => $"{_ledger.Of(source)} of {traffic.Sent[source]} of {source}"));

    public async Task JoinAsync()
    {
        await _peer.ConnectAsync(servers.Addresses[_at]);
        await _peer.JoinAsync(RecoveryTraffic.RoomOf(number));
    }

    /// <param name="ending">No further cuts.</param>
    public async Task RunAsync(CancellationToken ending)
    {
        var stays = IsNode(_at) ? WithNode : Ours;
        while (true)
        {
            await StayAsync(stays, ending);
            if (ending.IsCancellationRequested) break;
            stays = await TravelAsync(ending);
        }
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private async Task StayAsync(Stays stays, CancellationToken ending)
    {
        var cutAt = Environment.TickCount64 + Random.Shared.Next(100, (int)maxAway.TotalMilliseconds);
        while (!(ending.IsCancellationRequested ? HasAll() : Environment.TickCount64 >= cutAt))
        {
            var (gaps, ofReturns, doubles, fallen) = (_ledger.Gaps, _ledger.GapsOfReturns, _ledger.Doubles, _ledger.Fallen);
            if (await _peer.ReadAsync() is not { } next) throw new BrokenPromiseException($"The server has ended the connection of {this}.");
            _ledger.Add(next);
            stays.Add(_ledger.Gaps - gaps, _ledger.GapsOfReturns - ofReturns, _ledger.Doubles - doubles, _ledger.Fallen - fallen);
        }
    }

    private async Task<Stays> TravelAsync(CancellationToken ending)
    {
        // Sometimes the old connection seems open until the client is back.
        var leavesOpen = Random.Shared.Next(3) == 0;
        if (!leavesOpen) _peer.Cut();
        await Task.Delay(maxAway * Random.Shared.NextDouble(), ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var from = _at;
        _at = Random.Shared.Next(servers.Addresses.Count);
        if (await ConnectAsync() is { } before) await before.DisposeAsync();
        var stays = IsNode(from) || IsNode(_at) ? WithNode : Ours;
        stays.OnReturned(_peer.IsRecovered);
        if (_peer.IsRecovered)
        {
            _ledger.Return();
            return stays;
        }

        _ledger.Begin();
        await _peer.JoinAsync(RecoveryTraffic.RoomOf(number));
        return stays;
    }

    // A client whose connection breaks before it is let in tries again.
    private async Task<SocketPeer?> ConnectAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _peer.ConnectAsync(servers.Addresses[_at]);
            }
            catch (BrokenPromiseException) when (attempt < 10)
            {
                await Task.Delay(100);
            }
        }
    }

    private bool HasAll()
    {
        if (!traffic.HasEnded) return false;
        foreach (var source in RecoveryTraffic.SourcesOf(number))
        {
            if (!_ledger.HasUntil(source, traffic.Sent[source])) return false;
        }

        return true;
    }

    private bool IsNode(int server) => server >= servers.Servers.Count;
}
