namespace SocketIOServer.Soak.Scenarios;

/// <summary>One load, and what must hold under it. Sizes are those of the long form; a test takes smaller ones.</summary>
internal abstract class Scenario
{
    /// <summary>For the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it needs so that its result means something, in one line. Null: nothing.</summary>
    public virtual string? Needs => null;

    /// <summary>The server runs in a process of its own, so that memory and CPU are its alone.</summary>
    public bool IsOwnProcess { get; init; } = true;

    /// <exception cref="BrokenPromiseException">Something did not hold.</exception>
    public abstract Task RunAsync(Figures figures);

    /// <summary>A body for each number, so many at a time.</summary>
    protected static Task EachAsync(int count, int atOnce, Func<int, Task> body) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, _) => await body(i));

    protected static long Megabytes(long bytes) => bytes / (1 << 20);
}
