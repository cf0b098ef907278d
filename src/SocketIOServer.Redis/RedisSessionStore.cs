using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>
/// Sessions in Redis, each under a key of its own that expires, as @socket.io/redis-streams-adapter keeps them. Commands go over the connection that the log
/// writes on: they fail at once while there is none, and after its timeout where Redis does not answer.
/// </summary>
internal sealed class RedisSessionStore(Func<IDatabase?> connection, string prefix) : ISessionStore
{
    // Ours has 24 characters and Node's has 20.
    private const int MaxIdLength = 64;

    // GETDEL is of Redis 6.2.
    private volatile bool _hasNoGetDel;

    public async ValueTask SaveAsync(string id, string session, TimeSpan window, CancellationToken cancel)
    {
        if (!IsId(id)) throw new ArgumentException("An id has up to 64 letters, digits, dashes and underscores.", nameof(id));
        await Database().StringSetAsync(prefix + id, session, window).WaitObservedAsync(cancel);
    }

    public async ValueTask<string?> TakeAsync(string id, CancellationToken cancel)
    {
        // A client sends what it likes, and keys are for what a server has written.
        if (!IsId(id)) return null;
        RedisKey key = prefix + id;
        if (_hasNoGetDel) return await TakeInTwoAsync(key, cancel);
        try
        {
            return await Database().StringGetDeleteAsync(key).WaitObservedAsync(cancel);
        }
        catch (RedisServerException e) when (e.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
        {
            _hasNoGetDel = true;
            return await TakeInTwoAsync(key, cancel);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal))
        {
            // Another program has this key.
            return null;
        }
    }

    // Redis before 6.2 has no GETDEL, which the analyzer would prefer.
#pragma warning disable SER303
    private async Task<string?> TakeInTwoAsync(RedisKey key, CancellationToken cancel)
    {
        var transaction = Database().CreateTransaction();
        var getting = transaction.StringGetAsync(key);
        _ = transaction.KeyDeleteAsync(key);
        await transaction.ExecuteAsync().WaitObservedAsync(cancel);
        return await getting.WaitObservedAsync(cancel);
    }
#pragma warning restore SER303

    private IDatabase Database() => connection() ?? throw new IOException("There is no connection to Redis yet.");

    private static bool IsId(string text) => text.Length is > 0 and <= MaxIdLength && text.All(static unit => char.IsAsciiLetterOrDigit(unit) || unit is '-' or '_');
}
