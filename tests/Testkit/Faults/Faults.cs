namespace Testkit.Faults;

/// <summary>What a <see cref="FaultProxy"/> does to the bytes of one direction. It may change while bytes flow.</summary>
public sealed class Faults
{
    private TaskCompletionSource? _blackhole;

    /// <summary>The most bytes in one write. Each write takes a random count from one to this. Zero: no limit.</summary>
    public int Slice { get; set; }

    /// <summary>The longest wait before what was read is passed on. Each wait is random, from zero to this.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many bytes pass in a second. Zero: no limit.</summary>
    public int BytesPerSecond { get; set; }

    /// <summary>Resets both connections when so many bytes have passed in this direction. Null: never.</summary>
    public long? CutAfter { get; set; }

    /// <summary>
    /// Nothing is read or passed on, an end or a reset included: the network is gone and neither side is told. The sender's
    /// system keeps what it can and waits. False lets everything go on, and nothing is lost.
    /// </summary>
    public bool IsBlackhole
    {
        get => Volatile.Read(ref _blackhole) is not null;
        set
        {
            if (value) Interlocked.CompareExchange(ref _blackhole, new(TaskCreationOptions.RunContinuationsAsynchronously), null);
            else Interlocked.Exchange(ref _blackhole, null)?.SetResult();
        }
    }

    /// <summary>How many writes it took so far.</summary>
    public int Writes { get; internal set; }

    /// <summary>Completes when there is no blackhole.</summary>
    internal Task PassableAsync(CancellationToken cancel) => Volatile.Read(ref _blackhole)?.Task.WaitAsync(cancel) ?? Task.CompletedTask;

    /// <summary>What a new connection starts with.</summary>
    internal Faults Copy() => new() { Slice = Slice, Delay = Delay, BytesPerSecond = BytesPerSecond, CutAfter = CutAfter, IsBlackhole = IsBlackhole };
}
