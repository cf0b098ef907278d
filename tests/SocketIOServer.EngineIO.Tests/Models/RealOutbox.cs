using System.Globalization;
using System.IO.Pipelines;

namespace SocketIOServer.EngineIO.Tests.Models;

/// <summary>An outbox, and what it has answered so far. At most one waits, as the one transport that holds the lease does.</summary>
internal sealed class RealOutbox(int limit)
{
    private readonly Outbox _outbox = new(limit);
    private readonly List<string> _answers = [];
    private Task<bool>? _wait;
    private int _waits;

    public void Add(int size, bool isVolatile) => Answer($"{_outbox.Add(new(new byte[size]), isVolatile)} {size}");

    public void Take()
    {
        var result = _outbox.Take(out var message);
        Answer(result == TakeResult.Taken ? $"{result} {message.Head.Bytes.Length}" : $"{result}");
    }

    /// <param name="isLate">The reader was woken between the count and the wait.</param>
    public void Wait(bool isLate)
    {
        if (_wait is { IsCompleted: false }) return;
        End();
        _wait = _outbox.WaitAsync(_outbox.WakeCount - (isLate ? 1 : 0), Here.Scheduler).AsTask();
    }

    public void WakeReader() => _outbox.WakeReader();

    public void Complete(bool discard) => _outbox.Complete(discard);

    /// <summary>What it has answered so far is of no interest.</summary>
    public void Forget() => _answers.Clear();

    public override string ToString()
    {
        End();
        return string.Create(CultureInfo.InvariantCulture, $"{_outbox.Bytes} bytes, {_outbox.WakeCount} wakes, {(_wait is null ? "" : "waiting, ")}{string.Join(", ", _answers.Order(StringComparer.Ordinal))}");
    }

    // Where the wait has come to its end.
    private void End()
    {
        if (_wait is not { IsCompleted: true } wait) return;
        _wait = null;
        Answer($"wait {++_waits} {wait.Result}");
    }

    private void Answer(string answer) => _answers.Add(answer);

    // Not PipeScheduler.Inline: a thread that wakes the reader or completes does not run it inline.
    private sealed class Here : PipeScheduler
    {
        public static readonly Here Scheduler = new();

        public override void Schedule(Action<object?> action, object? state) => action(state);
    }
}
