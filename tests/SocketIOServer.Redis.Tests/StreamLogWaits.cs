using SocketIOServer.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests;

internal static class StreamLogWaits
{
    /// <summary>Completes when all that was appended before was read by all.</summary>
    public static async Task ReadAllAsync(this IReadOnlyList<StreamLog> logs, RedisServer redis, IReadOnlyList<string> streams)
    {
        // What a log waits for is its own; it has read that back.
        foreach (var log in logs) await Eventually.TrueAsync(() => log.Statistics.QueuedMessages == 0, () => $"{log.Statistics}");
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        foreach (var stream in streams)
        {
            var last = (await connection.GetDatabase().StreamRangeAsync(stream, count: 1, messageOrder: Order.Descending)).Select(entry => (string?)entry.Id).FirstOrDefault();
            if (!EntryId.TryParse(last, out var id)) continue;
            foreach (var log in logs) await Eventually.TrueAsync(() => log.ReadUpToOf(stream) >= id, () => $"{stream} was read up to {log.ReadUpToOf(stream)}, not {id}");
        }
    }
}
