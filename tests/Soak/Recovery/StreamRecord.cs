using System.Text.Json;
using SocketIOServer.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Soak.Recovery;

/// <summary>
/// The numbered events of a stream in their order, read from Redis itself. A server of Node gives its clients its own events before earlier ones of others. So what such
/// a client has does not tell what it must get from a server of ours: its offset and the stream do.
/// </summary>
internal sealed class StreamRecord : IAsyncDisposable
{
    private const string Stream = "socket.io";
    private const int Batch = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, List<(EntryId Id, int Number)>> _events = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly ConnectionMultiplexer _connection;
    private readonly Task _reading;
    private EntryId _last;

    private StreamRecord(ConnectionMultiplexer connection)
    {
        _connection = connection;
        _reading = ReadAsync();
    }

    public static async Task<StreamRecord> StartAsync(string redis)
    {
        var options = ConfigurationOptions.Parse(redis);
        // CLIENT LIST needs it.
        options.AllowAdmin = true;
        // It only has to be there before the stream is trimmed.
        options.AsyncTimeout = options.SyncTimeout = (int)Limits.Patience.TotalMilliseconds;
        return new(await ConnectionMultiplexer.ConnectAsync(options));
    }

    /// <summary>How many events of each emitter come before an event, by the id of its entry.</summary>
    public async Task<IReadOnlyList<(string Source, int Number)>> NextAsync(IEnumerable<string> sources, EntryId offset)
    {
        await _gate.WaitAsync();
        try
        {
            if (_last < offset) await CatchUpAsync();
            return [.. sources.Select(source => (source, Next(source, offset)))];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether a server waits for the next entry.</summary>
    public async Task<bool> IsReadByOthersAsync() => ((string?)await _connection.GetDatabase().ExecuteAsync("CLIENT", "LIST"))!.Contains("cmd=xread ", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _reading;
        await _connection.DisposeAsync();
        _disposing.Dispose();
        _gate.Dispose();
    }

    // Before the servers drop what is old.
    private async Task ReadAsync()
    {
        while (!_disposing.IsCancellationRequested)
        {
            await _gate.WaitAsync();
            try
            {
                await CatchUpAsync();
            }
            finally
            {
                _gate.Release();
            }

            await Task.Delay(Period, _disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CatchUpAsync()
    {
        StreamEntry[] entries;
        do
        {
            entries = await _connection.GetDatabase().StreamRangeAsync(Stream, $"({_last}", "+", Batch);
            foreach (var entry in entries) Add(entry);
        }
        while (entries.Length == Batch);
    }

    private void Add(in StreamEntry entry)
    {
        if (!EntryId.TryParse(entry.Id, out _last)) throw new InvalidOperationException($"The id of an entry is {entry.Id}.");
        if (entry["nsp"] != "/" || entry["type"] != "3") return;
        using var json = JsonDocument.Parse((byte[])entry["data"]!);
        var args = json.RootElement.GetProperty("packet").GetProperty("data");
        if (args[0].GetString() != "n") return;
        var source = args[1].GetString()!;
        if (!_events.TryGetValue(source, out var events)) _events[source] = events = [];
        events.Add((_last, args[2].GetInt32()));
    }

    // The number behind the last one that is not behind the offset.
    private int Next(string source, EntryId offset)
    {
        if (!_events.TryGetValue(source, out var events)) return 0;
        var (low, high) = (0, events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (events[middle].Id <= offset) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? 0 : events[low - 1].Number + 1;
    }
}
