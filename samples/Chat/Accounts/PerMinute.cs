namespace Chat.Accounts;

/// <summary>
/// Lets each key do something so many times in the minute that begins with its first time. Keeps 10,000 keys at most: of more, the oldest are
/// forgotten, for to refuse new ones would lock everybody out. Any thread.
/// </summary>
internal sealed class PerMinute(int times, TimeProvider time)
{
    public const int MostKeys = 10_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, long Since)> _minutes = [];   // all of one length: the first to begin is the first to end

    /// <summary>False: too often.</summary>
    public bool TryCount(string key)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_minutes.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Since, now) >= Minute) ForgetOldest();
            if (_counts.TryGetValue(key, out var count))
            {
                if (count >= times) return false;
            }
            else
            {
                if (_minutes.Count == MostKeys) ForgetOldest();
                _minutes.Enqueue((key, now));
            }

            _counts[key] = count + 1;
            return true;
        }
    }

    private void ForgetOldest() => _counts.Remove(_minutes.Dequeue().Key);
}
