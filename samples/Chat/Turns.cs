namespace Chat;

/// <summary>One at a time for each key. Any thread.</summary>
internal class Turns : IDisposable
{
    // Keys share gates, which is as good: none is held for long.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn; disposing ends it.</summary>
    public async Task<IDisposable> TakeAsync(long key)
    {
        var gate = _gates[key % _gates.Length];
        await gate.WaitAsync();
        return new Turn(gate);
    }

    public void Dispose() => Array.ForEach(_gates, gate => gate.Dispose());

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
