using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>Reading the streams, and finding out what was removed from them unread.</summary>
internal sealed partial class StreamLog
{
    // What was appended while the connection was away, until there is nothing left of what was there when this began.
    private async Task CatchUpAsync(IDatabase database, string[] streams, CancellationToken cancel)
    {
        foreach (var stream in streams)
        {
            var position = _positions[stream];
            var last = await LastAsync(database, position, cancel);
            if (!position.IsKnown)
            {
                position.MoveTo(last);
                continue;
            }

            if (last > position.Read) await CheckGapAsync(database, position, cancel);
            while (position.Read < last && await ReadOnceAsync(database, [stream], isBlocking: false, cancel) > 0)
            {
            }
        }
    }

    private async Task ReadAsync(IDatabase database, string[] streams, CancellationToken cancel)
    {
        while (true)
        {
            if (await ReadOnceAsync(database, streams, isBlocking: true, cancel) > 0) continue;
            // Somebody may have deleted a stream, and ids may begin anew with a clock that was set back.
            foreach (var stream in streams) await LastAsync(database, _positions[stream], cancel);
        }
    }

    private async Task<int> ReadOnceAsync(IDatabase database, string[] streams, bool isBlocking, CancellationToken cancel)
    {
        object[] arguments =
        [
            "COUNT", ReadCount,
            .. isBlocking ? (object[])["BLOCK", (int)Block.TotalMilliseconds] : [],
            "STREAMS", .. streams.Select(static stream => (RedisKey)stream), .. streams.Select(stream => _positions[stream].Read.ToString()),
        ];
        var answer = await database.ExecuteAsync("XREAD", arguments).WaitObservedAsync(Block + _options.ProbeInterval, _time, cancel);
        if (answer.IsNull) return 0;
        var count = 0;
        foreach (var read in (RedisResult[])answer!)
        {
            var position = _positions[(string)read[0]!];
            var entries = (RedisResult[])read[1]!;
            // So many are read only by one that has fallen behind.
            if (entries.Length == ReadCount && isBlocking) await CheckGapAsync(database, position, cancel);
            foreach (var entry in entries) Take(position, entry);
            count += entries.Length;
        }

        return count;
    }

    private void Take(StreamPosition position, RedisResult read)
    {
        var text = (string)read[0]!;
        if (EntryId.TryParse(text, out var id)) position.MoveTo(id);
        if (read[1].IsNull || StreamFields.Read((RedisResult[])read[1]!) is not { } entry)
        {
            _listener!.OnMalformed();
            return;
        }

        var own = _outbox.Confirm(position.Stream, entry);
        if (own is null) Interlocked.Increment(ref _read);
        _listener!.OnEntry(id, own ?? entry);
    }

    /// <summary>The id of the last entry of a stream. If that is before what was read, the stream is another one than before.</summary>
    private async Task<EntryId> LastAsync(IDatabase database, StreamPosition position, CancellationToken cancel)
    {
        var last = await EdgeAsync(database, "XREVRANGE", position.Stream, "+", "-", cancel);
        if (!position.IsKnown || last >= position.Read) return last;
        OnGap(position);
        position.MoveTo(last);
        return last;
    }

    // If the first entry is behind what was read, those between the two are gone. None: nothing was ever there to be removed.
    private async Task CheckGapAsync(IDatabase database, StreamPosition position, CancellationToken cancel)
    {
        if (position.Read == EntryId.None) return;
        var first = await EdgeAsync(database, "XRANGE", position.Stream, "-", "+", cancel);
        if (first > position.Read) OnGap(position);
    }

    private void OnGap(StreamPosition position)
    {
        LogGap(_logger, position.Stream, position.Read);
        _listener!.OnGap();
    }

    private async Task<EntryId> EdgeAsync(IDatabase database, string command, string stream, string from, string to, CancellationToken cancel)
    {
        var answer = await database.ExecuteAsync(command, (RedisKey)stream, from, to, "COUNT", 1).WaitObservedAsync(_options.ProbeInterval, _time, cancel);
        return answer.Length > 0 && EntryId.TryParse((string?)answer[0][0], out var id) ? id : EntryId.None;
    }
}
