using System.Globalization;

namespace SocketIOServer.EngineIO.Tests.Models;

/// <summary>What an outbox is, in as few words as possible; it answers as <see cref="RealOutbox"/> does.</summary>
internal sealed class ListOutbox(int limit)
{
    // What a queued message counts for beside its bytes.
    private const int Overhead = 64;

    private readonly List<int> _sizes = [];
    private readonly List<string> _answers = [];
    private bool _isWaiting;
    private bool _isCompleted;
    private int _wakes;
    private int _waits;

    private int Bytes => _sizes.Sum(static size => size + Overhead);

    public void Add(int size, bool isVolatile) => _answers.Add($"{TryAdd(size, isVolatile)} {size}");

    public void Take()
    {
        if (_sizes.Count == 0)
        {
            _answers.Add(_isCompleted ? "Ended" : "Empty");
            return;
        }

        _answers.Add($"Taken {_sizes[0]}");
        _sizes.RemoveAt(0);
    }

    public void Wait(bool isLate)
    {
        if (_isWaiting) return;
        _isWaiting = true;
        if (_sizes.Count > 0) Wake(true);
        else if (_isCompleted || isLate) Wake(false);
    }

    public void WakeReader()
    {
        _wakes++;
        Wake(false);
    }

    public void Complete(bool discard)
    {
        _isCompleted = true;
        if (discard) _sizes.Clear();
        Wake(false);
    }

    /// <summary>What it has answered so far is of no interest.</summary>
    public void Forget() => _answers.Clear();

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes, {_wakes} wakes, {(_isWaiting ? "waiting, " : "")}{string.Join(", ", _answers.Order(StringComparer.Ordinal))}");

    private AddResult TryAdd(int size, bool isVolatile)
    {
        if (_isCompleted || isVolatile && !_isWaiting) return AddResult.Dropped;
        // One that is larger than the limit by itself may be the one that goes over it.
        var isAlone = size + Overhead > limit;
        if (Bytes + (isAlone ? 0 : size + Overhead) > limit) return AddResult.Full;
        _sizes.Add(size);
        Wake(true);
        return AddResult.Added;
    }

    private void Wake(bool result)
    {
        if (_isWaiting) _answers.Add($"wait {++_waits} {result}");
        _isWaiting = false;
    }
}
