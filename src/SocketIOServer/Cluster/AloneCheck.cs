namespace SocketIOServer.Cluster;

/// <summary>
/// Whether this server is the only one that has a namespace in use, so that what concerns the other servers need not be published. It counts as alone only if
/// that is proven: no server of ours is known, and the engine has just counted one subscriber of the namespace, which is this server. What is not known, such as
/// the count of an engine that does not count, is no proof.
/// </summary>
/// <remarks>
/// Servers of ours are known at once: one that comes says hello, and serves its first client only after the others have answered. Servers of other kinds say nothing.
/// They are found by the count with the next beat, or by their first message. Any thread.
/// </remarks>
internal sealed class AloneCheck(ClusterNode node, string @namespace)
{
    private const int Unproven = -1;

    private readonly Lock _gate = new();
    private int _provenAt = Unproven;
    private int _resets;
    private bool _isCounting;
    private volatile bool _isAsked;

    /// <summary>Nobody else is there. Asking keeps the proof up to date: a namespace in which nothing is published is not counted.</summary>
    public bool IsAlone
    {
        get
        {
            if (!_isAsked) _isAsked = true;
            return Volatile.Read(ref _provenAt) == node.Changes;
        }
    }

    /// <summary>What was proven no longer holds: another server has been heard, or this one no longer listens.</summary>
    public void Reset()
    {
        // This is called for each message of another server, so the lock is only taken when there is something to take back.
        if (Volatile.Read(ref _provenAt) == Unproven && !Volatile.Read(ref _isCounting)) return;
        lock (_gate)
        {
            _resets++;
            _provenAt = Unproven;
        }
    }

    /// <summary>Proves it anew, with each beat.</summary>
    /// <param name="isListening">The engine has confirmed that this server listens, so that it is one of those that are counted.</param>
    public void OnBeat(bool isListening)
    {
        int changes, resets;
        lock (_gate)
        {
            changes = node.Changes;
            // A log is also for those that are away now.
            if (node.Log is not null || node.Options.AlwaysPublish || _isCounting || !_isAsked || !isListening || node.Members.Count > 0 || node.Bus.State != BusState.Alive)
            {
                _provenAt = Unproven;
                return;
            }

            (_isCounting, _isAsked, resets) = (true, false, _resets);
        }

        _ = CountAsync(changes, resets);
    }

    // Never throws.
    private async Task CountAsync(int changes, int resets)
    {
        var count = -1;
        try
        {
            count = await node.Bus.CountAsync(node.Wire.CountChannel(@namespace), CancellationToken.None);
        }
        catch (Exception)
        {
            // A bus that fails to count does not know the count.
        }

        lock (_gate)
        {
            _isCounting = false;
            if (resets == _resets) _provenAt = count == 1 ? changes : Unproven;
        }
    }
}
