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
}

/// <summary>The server did not do what docs/contract.md says.</summary>
public sealed class BrokenPromiseException(string what) : Exception(what);
