using System.Globalization;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>
/// Inboxes in Redis. An inbox is a sorted set of <c>number:expiry:content</c> by number, and a hash with the latest number and the size. The time of Redis counts, so
/// clocks of servers that differ change nothing.
/// </summary>
internal sealed class RedisInboxStore(Func<Task<IConnectionMultiplexer>> connect, bool isOwner, string prefix) : IInboxStore, IAsyncDisposable
{
    private const string DropExpired =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function remove(member)
          local head = string.match(member, '^%d+:%d+:')
          redis.call('ZREM', KEYS[1], member)
          redis.call('HINCRBY', KEYS[2], 'bytes', #head - #member)
        end
        while true do
          local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
          if not first or tonumber(string.match(first, '^%d+:(%d+):')) >= now then break end
          remove(first)
        end

        """;

    private const string Add = DropExpired +
        """
        local bytes = tonumber(redis.call('HGET', KEYS[2], 'bytes') or 0) + #ARGV[1]
        if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) or bytes > tonumber(ARGV[4]) then return 0 end
        local id = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('HGET', KEYS[2], 'last') or 0) + 1)
        local text = string.format('%.0f', id)
        redis.call('ZADD', KEYS[1], text, text .. ':' .. string.format('%.0f', now + ARGV[2]) .. ':' .. ARGV[1])
        redis.call('HSET', KEYS[2], 'last', text, 'bytes', string.format('%.0f', bytes))
        redis.call('PEXPIRE', KEYS[1], ARGV[2] + 1000)
        redis.call('PEXPIRE', KEYS[2], ARGV[2] + 1000)
        return 1
        """;

    private const string Read = DropExpired + "return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'LIMIT', 0, ARGV[2])";

    private const string Remove = DropExpired +
        """
        local member = redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[1])[1]
        if not member then return 0 end
        remove(member)
        return 1
        """;

    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;

    public async ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default) =>
        (int)await RunAsync(Add, inbox, [content, (long)limits.MaxAge.TotalMilliseconds, limits.MaxMessages, limits.MaxBytes], cancel) == 1;

    public async ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default) =>
        [.. ((byte[][])(await RunAsync(Read, inbox, [after, count], cancel))!).Select(MessageOf)];

    public async ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default) => (int)await RunAsync(Remove, inbox, [id], cancel) == 1;

    public async ValueTask DisposeAsync()
    {
        Task<IConnectionMultiplexer>? connection;
        lock (_gate) connection = _connection;
        if (!isOwner || connection is null) return;
        try
        {
            await (await connection).DisposeAsync();
        }
        catch (RedisException)
        {
            // It was never there.
        }
    }

    private async Task<RedisResult> RunAsync(string script, string inbox, RedisValue[] arguments, CancellationToken cancel)
    {
        var connection = await ConnectAsync().WaitAsync(cancel);
        // Both keys are in one slot of a Redis Cluster.
        var key = $"{prefix}:inbox:{{{inbox}}}";
        return await connection.GetDatabase().ScriptEvaluateAsync(script, [key, key + ":state"], arguments).WaitAsync(cancel);
    }

    private Task<IConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            // After a failure, the next call tries again.
            if (_connection is null || _connection.IsFaulted || _connection.IsCanceled) _connection = connect();
            return _connection;
        }
    }

    private static InboxMessage MessageOf(byte[] member)
    {
        var endOfId = Array.IndexOf(member, (byte)':');
        var endOfExpiry = Array.IndexOf(member, (byte)':', endOfId + 1);
        return new(long.Parse(member.AsSpan(0, endOfId), CultureInfo.InvariantCulture), member.AsMemory(endOfExpiry + 1));
    }
}
