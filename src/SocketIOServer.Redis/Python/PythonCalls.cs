using System.Collections.Concurrent;
using SocketIOServer.Adapters;

namespace SocketIOServer.Redis;

/// <summary>Calls of this server that a client of a server of Python is to answer.</summary>
internal sealed class PythonCalls
{
    private readonly ConcurrentDictionary<long, (BroadcastCall Call, string Sid)> _open = new();
    private long _id;

    /// <summary>Calls that wait.</summary>
    public int Count => _open.Count;

    /// <summary>Remembers a call until it is answered or ends.</summary>
    /// <returns>Its number.</returns>
    public long Open(BroadcastCall call, string sid)
    {
        var id = Interlocked.Increment(ref _id);
        _open[id] = (call, sid);
        call.OnEnded(() => _open.TryRemove(id, out _));
        return id;
    }

    /// <summary>A client has answered.</summary>
    public void OnAnswered(in PythonMessage message)
    {
        if (!_open.TryGetValue(message.Id, out var asked) || asked.Sid != message.Sid || !_open.TryRemove(message.Id, out _)) return;
        asked.Call.OnAnswered(asked.Sid, message.Json, message.Attachments);
    }
}
