using System.Diagnostics;

namespace SocketIOServer.Soak;

/// <summary>What must hold under load.</summary>
internal static class Promise
{
    public static void Holds(bool isSo, string what)
    {
        if (!isSo) throw new BrokenPromiseException(what);
    }

    public static void Equal<T>(T expected, T actual, string what) =>
        Holds(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: {actual} instead of {expected}");

    /// <summary>Looks until it is so.</summary>
    public static async Task ComesAsync(Func<Task<bool>> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Holds(clock.Elapsed < Limits.Patience, what);
            await Task.Delay(5);
        }
    }
}

/// <summary>The server did not do what docs/contract.md says.</summary>
public sealed class BrokenPromiseException(string what) : Exception(what);
