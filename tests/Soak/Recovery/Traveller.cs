using SocketIOServer.Adapters;
using SocketIOServer.Soak.Clients;

namespace SocketIOServer.Soak.Recovery;

/// <summary>One client that is cut at random times and comes back to any of the servers up to ten seconds later, until the traffic ends and it has everything.</summary>
internal sealed class Traveller(RecoveryServers servers, RecoveryTraffic traffic, int number, TimeSpan maxAway) : IAsyncDisposable
{
    // In the end, an event comes again and again. Whatever is not there before the last of these is missing.
    private const int Ends = 25;

    private readonly RecoveringPeer _peer = new();
    private readonly Ledger _ledger = new();
    private int _at = number % servers.Addresses.Count;

    public int Events => _ledger.Events;

    /// <summary>Where it came from a server of ours to the same or another one of ours.</summary>
    public Stays Ours { get; } = new();

    /// <summary>Where it came from Node's server to one of ours.</summary>
    public Stays FromNode { get; } = new();

    /// <summary>Where it was at Node's server.</summary>
    public Stays AtNode { get; } = new();

    /// <summary>Events that came with no stay, and never will: the offset that the client had of Node's server was behind them.</summary>
    public int LostAtNode { get; private set; }

    /// <summary>Events that come again: the offset that the client had of Node's server was before them.</summary>
    public int AgainAfterNode { get; private set; }

    public override string ToString() => $"client {number} at server {_at}: {_ledger}; " + string.Join(", ", RecoveryTraffic.SourcesOf(number).Select(source => $"{_ledger.Of(source)} of {traffic.Sent[source]} of {source}"));

    public async Task JoinAsync()
    {
        await _peer.ConnectAsync(servers.Addresses[_at]);
        await _peer.JoinAsync(RecoveryTraffic.RoomOf(number));
    }

    /// <param name="ending">No further cuts.</param>
    public async Task RunAsync(CancellationToken ending)
    {
        var stays = servers.IsNode(_at) ? AtNode : Ours;
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
            // A server of Node may have lost the last ones.
            if (servers.IsNode(_at) && next is { Source: RecoveryTraffic.End, Number: >= Ends }) EndAtNode();
            stays.Add(_ledger.Gaps - gaps, _ledger.GapsOfReturns - ofReturns, _ledger.Doubles - doubles, _ledger.Fallen - fallen);
        }
    }

    private async Task<Stays> TravelAsync(CancellationToken ending)
    {
        // Sometimes the old connection seems open until the client is back.
        var leavesOpen = Random.Shared.Next(3) == 0;
        if (!leavesOpen) _peer.Cut();
        await Task.Delay(maxAway * Random.Shared.NextDouble(), ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var wasAtNode = servers.IsNode(_at);
        _at = Random.Shared.Next(servers.Addresses.Count);
        if (await ConnectAsync() is { } before) await before.DisposeAsync();
        var stays = servers.IsNode(_at) ? AtNode : wasAtNode ? FromNode : Ours;
        stays.OnReturned(_peer.IsRecovered, leavesOpen);
        if (!_peer.IsRecovered)
        {
            _ledger.Begin();
            await _peer.JoinAsync(RecoveryTraffic.RoomOf(number));
        }
        else
        {
            _ledger.Return();
            if (stays == FromNode) await ContinueAsync();
        }

        return stays;
    }

    // A server of ours gives a client of Node's what is behind its offset in the stream, whatever Node's server has given it out of order.
    private async Task ContinueAsync()
    {
        if (!EntryId.TryParse(_peer.Offset, out var offset)) throw new BrokenPromiseException($"A client of Node's server has no offset and was recovered: {this}.");
        foreach (var (source, next) in await servers.Record!.NextAsync([.. RecoveryTraffic.SourcesOf(number), RecoveryTraffic.End], offset))
        {
            var lost = _ledger.ContinueAt(source, next);
            if (lost > 0) LostAtNode += lost;
            else AgainAfterNode -= lost;
        }
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

    private void EndAtNode()
    {
        foreach (var source in RecoveryTraffic.SourcesOf(number)) _ledger.End(source, traffic.Sent[source]);
    }
}
