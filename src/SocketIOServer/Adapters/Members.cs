namespace SocketIOServer.Adapters;

/// <summary>The members of a room at the moment of the snapshot, in chunks that are never written again. All chunks but the last are full.</summary>
internal readonly struct Members(Member[][] chunks, int count)
{
    public const int ChunkSize = 256;

    public static Members None { get; } = new([], 0);

    public int Count => count;

    public int ChunkCount => (count + ChunkSize - 1) / ChunkSize;

    public Member this[int index] => chunks[index / ChunkSize][index % ChunkSize];

    public static Members Of(Member member) => new([[member]], 1);

    public static Members Of(HashSet<Member> sockets) => new([.. sockets.Chunk(ChunkSize)], sockets.Count);

    public ReadOnlySpan<Member> Chunk(int index) => chunks[index].AsSpan(0, Math.Min(ChunkSize, count - index * ChunkSize));

    public IEnumerable<Member> All()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }
}
