namespace Chat.Rooms;

/// <summary>
/// The changes of one user's memberships, one at a time: what the store says and the rooms of the user's sockets change together. Without it a
/// tab that comes while another one leaves a room could go on hearing it.
/// </summary>
internal sealed class Memberships : IDisposable
{
    // Users share gates, which is as good: none is held for long.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn; disposing ends it.</summary>
    public async Task<IDisposable> TakeTurnAsync(long user)
    {
        var gate = _gates[user % _gates.Length];
        await gate.WaitAsync();
        return new Turn(gate);
    }

    public void Dispose() => Array.ForEach(_gates, gate => gate.Dispose());

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
