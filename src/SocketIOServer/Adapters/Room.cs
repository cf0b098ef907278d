using System.Numerics;

namespace SocketIOServer.Adapters;

/// <summary>
/// The members of a room. A snapshot of them stays as it is while a broadcast walks it. They are kept in chunks: the first change after a snapshot copies
/// one or two chunks, not all members. So joining and leaving a large room between broadcasts is cheap, and none of its arrays is a large object.
/// </summary>
internal sealed class Room
{
    private const int FirstSize = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<Member, int> _places = [];
    private Member[][] _chunks = [];

    // The number of snapshots that were taken until now, before each chunk was created, and before the array of chunks was created. A chunk or an array that
    // is older than the latest snapshot is part of that snapshot, so it must be copied before it is changed.
    private long _snapshots;
    private long[] _snapshotsBeforeChunk = [];
    private long _snapshotsBeforeArray;

    public int Count
    {
        get
        {
            lock (_gate) return _places.Count;
        }
    }

    public void Add(Member member)
    {
        lock (_gate)
        {
            var place = _places.Count;
            if (_places.TryAdd(member, place)) Write(place, member);
        }
    }

    /// <summary>Returns true when the room is empty afterwards.</summary>
    public bool Remove(Member member)
    {
        lock (_gate)
        {
            if (!_places.Remove(member, out var place)) return _places.Count == 0;
            // The last member moves to the free place, so no reference to the one that left remains.
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

    public bool Contains(Member member)
    {
        lock (_gate) return _places.ContainsKey(member);
    }

    public Members Snapshot()
    {
        lock (_gate)
        {
            _snapshots++;
            return new(_chunks, _places.Count);
        }
    }

    private void Write(int place, Member? member)
    {
        var (index, offset) = (place / Members.ChunkSize, place % Members.ChunkSize);
        if (index == _chunks.Length) Resize(index + 1);
        var chunk = _chunks[index];
        if (_snapshotsBeforeChunk[index] < _snapshots || offset >= chunk.Length)
        {
            var own = new Member[offset < chunk.Length ? chunk.Length : Math.Max(FirstSize, (int)BitOperations.RoundUpToPowerOf2((uint)offset + 1))];
            chunk.CopyTo(own, 0);
            if (_snapshotsBeforeArray < _snapshots) Resize(_chunks.Length);
            _chunks[index] = chunk = own;
            _snapshotsBeforeChunk[index] = _snapshots;
        }

        // Into a span: an array of a base class checks the type of what is stored.
        chunk.AsSpan()[offset] = member!;
    }

    private void Resize(int count)
    {
        var chunks = new Member[count][];
        Array.Copy(_chunks, chunks, Math.Min(count, _chunks.Length));
        if (count > _chunks.Length) chunks[^1] = [];
        _chunks = chunks;
        _snapshotsBeforeArray = _snapshots;
        Array.Resize(ref _snapshotsBeforeChunk, count);
    }
}
