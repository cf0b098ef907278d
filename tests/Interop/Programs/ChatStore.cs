using System.Collections.Concurrent;

namespace SocketIOServer.Interop.Programs;

/// <summary>In memory. Rooms have ids from 1 on, until they are closed.</summary>
internal sealed class ChatStore : IChatStore
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ChatLine>> _lines = new();
    private readonly ConcurrentDictionary<int, bool> _closed = new();

    public Task<bool> RoomExistsAsync(int roomId, CancellationToken cancel) => Task.FromResult(roomId > 0 && !_closed.ContainsKey(roomId));

    public Task CloseAsync(int roomId, CancellationToken cancel)
    {
        _closed[roomId] = true;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ChatLine>> RecentAsync(string key, int count, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ChatLine>>([.. LinesOf(key).TakeLast(count)]);

    public Task<ChatLine> SaveAsync(string to, string from, string body, CancellationToken cancel)
    {
        var line = new ChatLine(from, body);
        LinesOf(to).Enqueue(line);
        return Task.FromResult(line);
    }

    public Task<IReadOnlyList<ChatLine>> TakeUnreadAsync(string user, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ChatLine>>(_lines.TryRemove(user, out var lines) ? [.. lines] : []);

    private ConcurrentQueue<ChatLine> LinesOf(string key) => _lines.GetOrAdd(key, _ => new());
}
