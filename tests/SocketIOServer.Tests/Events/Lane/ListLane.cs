using System.Globalization;

namespace SocketIOServer.Tests.Events.Lane;

/// <summary>What an event lane is, in as few words as possible; it answers as <see cref="RealLane"/> does.</summary>
internal sealed class ListLane(int maxQueued)
{
    private readonly List<LaneEvent> _queue = [];
    private readonly List<string> _begun = [];
    private LaneEvent? _running;
    private LaneEvent? _last;
    private bool _isOpen;
    private bool _isShut;
    private bool _isFull;
    private int _posted;

    // What is queued, and one that runs: by the receive loop it is counted once it waits.
    private long Bytes => _queue.Sum(static one => one.Bytes) + (_running?.Bytes ?? 0);

    private int Queued => _queue.Count(one => one != _last);

    public void Post(int bytes, bool waits)
    {
        // The receive loop waits for room; when the lane is shut it goes on, and what it brings is dropped.
        if (_isFull) return;
        _posted++;
        if (_isShut) return;
        _queue.Add(new($"{_posted}", bytes, waits));
        Run();
        _isFull = Queued >= maxQueued;
    }

    public void Open()
    {
        _isOpen = true;
        Run();
    }

    public void EndHandler()
    {
        _running = null;
        Run();
    }

    public void Shut()
    {
        _isShut = true;
        _isFull = false;
    }

    public void RunLast(bool waits)
    {
        // The one that leaves does so once.
        if (_last is not null) return;
        _last = new("last", 0, waits);
        _queue.Add(_last);
        Run();
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"begun {string.Join(' ', _begun)}, {Bytes} bytes{(_running is null ? "" : ", running")}{(_isFull ? ", full" : "")}");

    private void Run()
    {
        while (_isOpen && _running is null && Next() is { } next)
        {
            _queue.Remove(next);
            _begun.Add(next.Name);
            if (next.Waits) _running = next;
        }

        _isFull &= Queued >= maxQueued;
    }

    // The last is behind all that is queued, that which came after it too.
    private LaneEvent? Next() => _queue.Find(one => one != _last) ?? _queue.FirstOrDefault();
}
