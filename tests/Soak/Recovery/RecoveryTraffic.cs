using System.Collections.Concurrent;

namespace SocketIOServer.Soak.Recovery;

/// <summary>Numbered events of four emitters to all, and of one emitter to each of ten rooms. They are spread over the servers.</summary>
internal sealed class RecoveryTraffic(RecoveryServers servers) : IAsyncDisposable
{
    private const int Emitters = 4;
    private const int Rooms = 10;

    /// <summary>The emitter of the event that comes again and again in the end.</summary>
    public const string End = "end";

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, int> _sent = new();
    private readonly CancellationTokenSource _disposing = new();
    private Task _emitting = Task.CompletedTask;
    private Task _ticking = Task.CompletedTask;

    /// <summary>All events that were sent are counted in <see cref="Sent"/>, and no more come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>By emitter.</summary>
    public IReadOnlyDictionary<string, int> Sent => _sent;

    public static string RoomOf(int client) => $"room {client % Rooms}";

    /// <summary>Whose events a client gets.</summary>
    public static IEnumerable<string> SourcesOf(int client) => [.. Enumerable.Range(0, Emitters).Select(Name), RoomOf(client)];

    public void Start()
    {
        var toAll = Enumerable.Range(0, Emitters).Select(i => Task.Run(() => EmitAsync(i, null, Name(i), TimeSpan.FromMilliseconds(500))));
        var toRooms = Enumerable.Range(0, Rooms).Select(i => Task.Run(() => EmitAsync(i, RoomOf(i), RoomOf(i), TimeSpan.FromMilliseconds(700))));
        _emitting = Task.WhenAll([.. toAll, .. toRooms]);
    }

    /// <summary>Nothing is emitted any more, apart from an event that comes again and again: a client that has everything, or a new session, sees by it that it is the end.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        await _emitting;
        HasEnded = true;
        _ticking = TickAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _emitting;
        await _disposing.CancelAsync();
        await _ticking;
        _ending.Dispose();
        _disposing.Dispose();
    }

    private async Task TickAsync()
    {
        for (var i = 0; !_disposing.IsCancellationRequested; i++)
        {
            await servers.EmitAsync(0, null, End, i);
            await Task.Delay(200, _disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Name(int emitter) => $"emitter {emitter}";

    // Sometimes some at once: then a connection is often cut between two of them.
    private async Task EmitAsync(int emitter, string? room, string source, TimeSpan period)
    {
        var server = emitter % servers.Addresses.Count;
        var sent = 0;
        while (!_ending.IsCancellationRequested)
        {
            for (var i = Random.Shared.Next(1, 5); i > 0; i--)
            {
                await servers.EmitAsync(server, room, source, sent);
                _sent[source] = ++sent;
            }

            await Task.Delay(period * Random.Shared.Next(1, 5) / 2, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
