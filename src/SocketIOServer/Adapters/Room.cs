using System.Numerics;
using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>
/// The sockets of a room, with a snapshot that stays as it is while a broadcast walks it. They lie in chunks: the first change after a snapshot copies a
/// chunk or two, not all members. So it costs little to enter and leave a large room between broadcasts, and no array of it is a large object.
/// </summary>
internal sealed class Room
{
    private const int FirstSize = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<Socket, int> _places = [];
    private Socket[][] _chunks = [];

    // The number of the latest snapshot, and of the latest when the chunk, or the array of chunks, was made. What is older may not be written.
    private long _snapshots;
    private long[] _chunksMade = [];
    private long _arrayMade;

    public int Count
    {
        get
        {
            lock (_gate) return _places.Count;
        }
    }

    public void Add(Socket socket)
    {
        lock (_gate)
        {
            var place = _places.Count;
            if (_places.TryAdd(socket, place)) Write(place, socket);
        }
    }

    /// <summary>True when nobody is left.</summary>
    public bool Remove(Socket socket)
    {
        lock (_gate)
        {
            if (!_places.Remove(socket, out var place)) return _places.Count == 0;
            // The last one takes the free place, and nothing is kept of who has left.
            var last = _places.Count;
            if (last != place)
            {
                var mover = _chunks[last / Members.ChunkSize][last % Members.ChunkSize];
                Write(place, mover);
                _places[mover] = place;
            }

            if (last % Members.ChunkSize == 0) Resize(last / Members.ChunkSize);
            else Write(last, null);
            return last == 0;
        }
    }

    public bool Contains(Socket socket)
    {
        lock (_gate) return _places.ContainsKey(socket);
    }

    public Members Snapshot()
    {
        lock (_gate)
        {
            _snapshots++;
            return new(_chunks, _places.Count);
        }
    }

    private void Write(int place, Socket? socket)
    {
        var (index, offset) = (place / Members.ChunkSize, place % Members.ChunkSize);
        if (index == _chunks.Length) Resize(index + 1);
        var chunk = _chunks[index];
        if (_chunksMade[index] < _snapshots || offset >= chunk.Length)
        {
            var own = new Socket[offset < chunk.Length ? chunk.Length : Math.Max(FirstSize, (int)BitOperations.RoundUpToPowerOf2((uint)offset + 1))];
            chunk.CopyTo(own, 0);
            if (_arrayMade < _snapshots) Resize(_chunks.Length);
            _chunks[index] = chunk = own;
            _chunksMade[index] = _snapshots;
        }

        chunk[offset] = socket!;
    }

    private void Resize(int count)
    {
        var chunks = new Socket[count][];
        Array.Copy(_chunks, chunks, Math.Min(count, _chunks.Length));
        if (count > _chunks.Length) chunks[^1] = [];
        _chunks = chunks;
        _arrayMade = _snapshots;
        Array.Resize(ref _chunksMade, count);
    }
}
