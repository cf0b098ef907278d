using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>Sockets as they were when somebody asked, in chunks that nobody writes any more. All chunks but the last are full.</summary>
internal readonly struct Members(Socket[][] chunks, int count)
{
    public const int ChunkSize = 256;

    public static Members None { get; } = new([], 0);

    public int Count => count;

    public int ChunkCount => (count + ChunkSize - 1) / ChunkSize;

    public Socket this[int index] => chunks[index / ChunkSize][index % ChunkSize];

    public static Members Of(Socket socket) => new([[socket]], 1);

    public static Members Of(HashSet<Socket> sockets) => new([.. sockets.Chunk(ChunkSize)], sockets.Count);

    public ReadOnlySpan<Socket> Chunk(int index) => chunks[index].AsSpan(0, Math.Min(ChunkSize, count - index * ChunkSize));

    public IEnumerable<Socket> All()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }
}
