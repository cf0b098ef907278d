using SocketIOServer.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>Reading the streams, and finding out what was removed from them unread.</summary>
internal sealed partial class StreamLog
{
    private TimeSpan ReadPatience => Block + _options.ProbeInterval;

    // What was appended while the connection was away or, at the start, what was there before; until there is nothing left of what was there when this began.
    private async Task CatchUpAsync(IDatabase database, string[] streams, CancellationToken cancel)
    {
        foreach (var stream in streams)
        {
            var position = _positions[stream];
            var edges = await EdgesAsync(database, position, cancel);
            if (position.From is null && !_readsEarlier) position.BeginBehind(edges.Last);
            else if (position.From is not null && position.Read == EntryId.None) CheckGap(position, edges);
            while (position.From is null || position.Read < edges.Last) await CatchUpOnceAsync(database, position, edges.Last, cancel);
            position.IsLive = true;
        }
    }

    // The entry that was read last is read again: while it is still there, none of those behind it was removed.
    private async Task CatchUpOnceAsync(IDatabase database, StreamPosition position, EntryId last, CancellationToken cancel)
    {
        var from = position.From is null || position.Read == EntryId.None ? "-" : position.Read.ToString();
        var answer = await database.ExecuteAsync("XRANGE", (RedisKey)position.Stream, from, "+", "COUNT", ReadCount).WaitObservedAsync(ReadPatience, _time, cancel);
        Take(position, (RedisResult[])answer!, last);
    }

    private void Take(StreamPosition position, ReadOnlySpan<RedisResult> entries, EntryId last)
    {
        var isThere = entries is [var again, ..] && IdOf(again) == position.Read;
        if (isThere) entries = entries[1..];
        if (position.From is null)
        {
            position.BeginBehind(entries is [var first, ..] ? StreamPosition.Before(IdOf(first)) : last);
        }
        else if (entries.IsEmpty)
        {
            OnGap(position, last);
            position.MoveTo(last);
        }
        else if (!isThere && position.Read != EntryId.None)
        {
            OnGap(position, StreamPosition.Before(IdOf(entries[0])));
        }

        foreach (var entry in entries) Take(position, entry);
    }

    private async Task ReadAsync(IDatabase database, string[] streams, CancellationToken cancel)
    {
        while (true)
        {
            if (await ReadOnceAsync(database, streams, cancel) > 0) continue;
            // Somebody may have deleted a stream, and ids may begin anew with a clock that was set back.
            foreach (var stream in streams) await EdgesAsync(database, _positions[stream], cancel);
        }
    }

    private async Task<int> ReadOnceAsync(IDatabase database, string[] streams, CancellationToken cancel)
    {
        object[] arguments =
        [
            "COUNT", ReadCount, "BLOCK", (int)Block.TotalMilliseconds,
            "STREAMS", .. streams.Select(static stream => (RedisKey)stream), .. streams.Select(stream => _positions[stream].Read.ToString()),
        ];
        var answer = await database.ExecuteAsync("XREAD", arguments).WaitObservedAsync(ReadPatience, _time, cancel);
        if (answer.IsNull) return 0;
        var count = 0;
        foreach (var read in (RedisResult[])answer!)
        {
            var position = _positions[(string)read[0]!];
            var entries = (RedisResult[])read[1]!;
            // So many are read only by one that has fallen behind.
            if (entries.Length >= Math.Min(ReadCount, _options.MaxLength)) CheckGap(position, await EdgesAsync(database, position, cancel));
            foreach (var entry in entries) Take(position, entry);
            count += entries.Length;
        }

        return count;
    }

    private void Take(StreamPosition position, RedisResult read)
    {
        var id = IdOf(read);
        try
        {
            Pass(position, id, read);
        }
        finally
        {
            // A client that connects meanwhile has the entry, or is one that still gets it.
            position.MoveTo(id);
        }
    }

    private void Pass(StreamPosition position, EntryId id, RedisResult read)
    {
        if (read[1].IsNull || StreamFields.Read((RedisResult[])read[1]!) is not { } entry)
        {
            _listener!.OnMalformed();
            return;
        }

        if (!position.IsLive)
        {
            _listener!.OnEarlierEntry(id, entry);
            return;
        }

        var own = _outbox.Confirm(position.Stream, entry);
        if (own is null) Interlocked.Increment(ref _read);
        _listener!.OnEntry(id, own ?? entry);
    }

    // If the first entry is behind what was read, those between the two are gone. Where nothing was read before, only the first of very many can be gone.
    private void CheckGap(StreamPosition position, in StreamEdges edges)
    {
        if (edges.First is not { } first || first <= position.Read) return;
        if (position.Read != EntryId.None || edges.Length >= _options.MaxLength) OnGap(position, StreamPosition.Before(first));
    }

    private void OnGap(StreamPosition position, EntryId until)
    {
        LogGap(_logger, position.Stream, position.Read);
        position.Lose(until);
        _listener!.OnGap();
    }

    private async Task<StreamEdges> EdgesAsync(IDatabase database, StreamPosition position, CancellationToken cancel)
    {
        var edges = await EdgesAsync(database, position.Stream, cancel);
        if (position.From is null || edges.Last >= position.Read) return edges;
        LogGap(_logger, position.Stream, position.Read);
        position.BeginAnew(edges.Last);
        _listener!.OnGap();
        return edges;
    }

    private async Task<StreamEdges> EdgesAsync(IDatabase database, string stream, CancellationToken cancel)
    {
        try
        {
            return StreamEdges.Read(await database.ExecuteAsync("XINFO", "STREAM", (RedisKey)stream).WaitObservedAsync(_options.ProbeInterval, _time, cancel));
        }
        catch (RedisServerException e) when (e.Message.Contains("no such key", StringComparison.Ordinal))
        {
            return default;
        }
    }

    private static EntryId IdOf(RedisResult entry) =>
        EntryId.TryParse((string?)entry[0], out var id) ? id : throw new InvalidOperationException($"The id of an entry is {(string?)entry[0]}.");
}
