using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SocketIOServer.Inboxes;

/// <summary>
/// Inboxes in the memory of the process. They end with it. What was accepted is never dropped for something newer. So that large inboxes cannot take the memory of all others,
/// one inbox gets only a part of what is left once most of it is used, and those of sessions, which anybody can open, get only half of it.
/// </summary>
internal sealed partial class InMemoryInboxStore : IInboxStore, IDisposable
{
    // The memory of a message beside its content.
    private const int Overhead = 120;

    // Of what is left.
    private const int ShareOfOne = 16;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly long _maxTotalBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Inbox> _inboxes = new(StringComparer.Ordinal);
    private long _latest;
    private long _count;
    private long _bytes;
    private long _expired;
    private long _crowded;
    private long _bytesOfSessions;
    private bool _isArmed;
    private bool _isShort;

    public InMemoryInboxStore(long maxTotalBytes, TimeProvider time, ILogger? logger = null)
    {
        (_maxTotalBytes, _time, _logger) = (maxTotalBytes, time, logger ?? NullLogger.Instance);
        _timer = time.CreateTimer(static state => ((InMemoryInboxStore)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Count => Interlocked.Read(ref _count);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>How many messages were refused although their inbox was not full.</summary>
    public long Crowded => Interlocked.Read(ref _crowded);

    public ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default) => new(Add(inbox, content, limits));

    public bool Add(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits)
    {
        var size = content.Length + Overhead;
        bool isFirst;
        lock (_gate)
        {
            var isNew = !_inboxes.TryGetValue(inbox, out var messages);
            if (isNew) messages = new(IsOfSession(inbox));
            DropExpired(inbox, messages!);
            if (messages!.All.Count >= limits.MaxMessages || messages.Bytes + content.Length > limits.MaxBytes) return false;
            if (HasRoom(messages, size))
            {
                _inboxes[inbox] = messages;
                messages.All.Add(++_latest, new(content, _time.GetTimestamp(), limits.MaxAge));
                messages.Bytes += content.Length;
                Change(messages, size, 1);
                Arm();
                return true;
            }

            isFirst = !_isShort;
            _isShort = true;
        }

        Interlocked.Increment(ref _crowded);
        if (isFirst) LogShort(_logger, Bytes, _maxTotalBytes);
        return false;
    }

    /// <summary>The messages of an inbox in their order, which somebody else keeps from now on. They stay here until <see cref="RemoveCopied"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Copy(string inbox)
    {
        lock (_gate)
        {
            if (!_inboxes.TryGetValue(inbox, out var messages)) return [];
            DropExpired(inbox, messages);
            messages.CopiedTo = _latest;
            return [.. messages.All.Values.Select(static message => message.Content)];
        }
    }

    /// <summary>Removes what <see cref="Copy"/> has returned, and nothing that was added since.</summary>
    public void RemoveCopied(string inbox)
    {
        lock (_gate)
        {
            if (_inboxes.TryGetValue(inbox, out var messages)) RemoveUpTo(inbox, messages, messages.CopiedTo);
        }
    }

    /// <summary>Removes all messages of an inbox.</summary>
    public void Clear(string inbox)
    {
        lock (_gate)
        {
            if (_inboxes.TryGetValue(inbox, out var messages)) RemoveUpTo(inbox, messages, long.MaxValue);
        }
    }

    /// <summary>Removes a message that was just added. Returns false if it was acked or copied before.</summary>
    public bool TryWithdraw(string inbox, ReadOnlyMemory<byte> content)
    {
        lock (_gate)
        {
            if (!_inboxes.TryGetValue(inbox, out var messages)) return false;
            for (var i = messages.All.Count - 1; i >= 0 && messages.All.GetKeyAtIndex(i) > messages.CopiedTo; i--)
            {
                if (messages.All.GetValueAtIndex(i).Content.Equals(content)) return Remove(inbox, messages, messages.All.GetKeyAtIndex(i));
            }

            return false;
        }
    }

    public ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            if (!_inboxes.TryGetValue(inbox, out var messages)) return new([]);
            DropExpired(inbox, messages);
            var found = new List<InboxMessage>();
            for (var i = messages.IndexAfter(after); i < messages.All.Count && found.Count < count; i++)
                found.Add(new(messages.All.GetKeyAtIndex(i), messages.All.GetValueAtIndex(i).Content));
            return new(found);
        }
    }

    public ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default)
    {
        lock (_gate) return new(_inboxes.TryGetValue(inbox, out var messages) && Remove(inbox, messages, id));
    }

    public void Dispose() => _timer.Dispose();

    [LoggerMessage(135, LogLevel.Warning, "Durable events for users (SocketServerOptions.Inbox) are in the memory of this server, and the other servers of the cluster do not have them. A user who is connected to another server gets such an event only after connecting to this one. Add a store that all servers share, such as by AddRedisInbox or AddPostgresInbox.")]
    public static partial void LogNotShared(ILogger logger);

    private bool Remove(string inbox, Inbox messages, long id)
    {
        if (!messages.All.TryGetValue(id, out var message)) return false;
        messages.All.Remove(id);
        messages.Bytes -= message.Content.Length;
        Change(messages, -message.Content.Length - Overhead, -1);
        if (messages.All.Count == 0) _inboxes.Remove(inbox);
        return true;
    }

    private void RemoveUpTo(string inbox, Inbox messages, long last)
    {
        while (messages.All.Count > 0 && messages.All.GetKeyAtIndex(0) is var first && first <= last) Remove(inbox, messages, first);
    }

    private bool HasRoom(Inbox messages, int size)
    {
        var left = _maxTotalBytes - _bytes - size;
        if (left < 0 || messages.IsOfSession && _bytesOfSessions + size > _maxTotalBytes / 2) return false;
        // While much is left, only the limits of the inbox count. The last quarter is shared: however many take their part of what is left, something is left.
        return left >= _maxTotalBytes / 4 || messages.Bytes + (messages.All.Count * Overhead) + size <= left / ShareOfOne;
    }

    private void Change(Inbox inbox, int bytes, int messages)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _count, messages);
        if (inbox.IsOfSession) _bytesOfSessions += bytes;
        if (_bytes < _maxTotalBytes / 4) _isShort = false;
    }

    // Behind the name of the namespace, which has no comma.
    private static bool IsOfSession(string inbox) => inbox.AsSpan(inbox.IndexOf(',', StringComparison.Ordinal) + 1).StartsWith("socket:", StringComparison.Ordinal);

    private void DropExpired(string inbox, Inbox messages)
    {
        while (messages.All.Count > 0 && messages.All.GetValueAtIndex(0) is var first && _time.GetElapsedTime(first.Time) > first.MaxAge)
        {
            Remove(inbox, messages, messages.All.GetKeyAtIndex(0));
            Interlocked.Increment(ref _expired);
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _isArmed = false;
            foreach (var (inbox, messages) in _inboxes.ToArray()) DropExpired(inbox, messages);
            if (_inboxes.Count > 0) Arm();
        }
    }

    private void Arm()
    {
        if (_isArmed) return;
        _isArmed = true;
        _timer.Change(Period, Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(130, LogLevel.Warning, "The events that wait in memory have {Bytes} bytes, and may have {MaxBytes} (InboxOptions.MaxTotalBytes). Events are refused for users and sessions that have much waiting.")]
    private static partial void LogShort(ILogger logger, long bytes, long maxBytes);

    private sealed class Inbox(bool isOfSession)
    {
        public bool IsOfSession => isOfSession;

        /// <summary>By their numbers.</summary>
        public SortedList<long, Message> All { get; } = [];

        public long Bytes { get; set; }

        /// <summary>The number of the last message when the messages were copied.</summary>
        public long CopiedTo { get; set; }

        /// <summary>The index of the first message whose number is greater.</summary>
        public int IndexAfter(long id)
        {
            var (low, high) = (0, All.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (All.GetKeyAtIndex(middle) <= id) low = middle + 1;
                else high = middle;
            }

            return low;
        }
    }

    private readonly record struct Message(ReadOnlyMemory<byte> Content, long Time, TimeSpan MaxAge);
}
