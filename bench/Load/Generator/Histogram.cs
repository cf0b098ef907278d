using System.Numerics;

namespace LoadGenerator;

/// <summary>Counts durations in buckets of at most 1.6 % width, so that a percentile costs no list of all values.</summary>
internal sealed class Histogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private long _total;

    public void Add(long value, long times = 1)
    {
        _counts[IndexOf(Math.Max(0, value))] += times;
        _total += times;
    }

    public long Percentile(double fraction)
    {
        var left = (long)(_total * fraction);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left < 0) return ValueOf(i);
        }

        return 0;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _total = 0;
    }

    private static int IndexOf(long value)
    {
        if (value < SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift * SubBuckets) + (int)(value >> shift);
    }

    private static long ValueOf(int index)
    {
        if (index < 2 * SubBuckets) return index;
        var shift = (index / SubBuckets) - 1;
        return (long)(SubBuckets + (index % SubBuckets)) << shift;
    }
}
