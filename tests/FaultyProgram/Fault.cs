using System.Text.Json;

namespace FaultyProgram;

/// <summary>Throws at one place of this program, once, when a test has said so.</summary>
internal static class Fault
{
    private static string _place = "";
    private static string _kind = "";
    private static int _left;
    private static int _thrown;

    /// <summary>How often it did since it was armed.</summary>
    public static int Thrown => Volatile.Read(ref _thrown);

    public static void Arm(string place, string kind)
    {
        _kind = kind;
        Volatile.Write(ref _thrown, 0);
        // A logger that has begun to throw goes on.
        Volatile.Write(ref _left, place == "logger" ? int.MaxValue : 1);
        Volatile.Write(ref _place, place);
    }

    public static void At(string place)
    {
        if (Volatile.Read(ref _place) != place || Interlocked.Decrement(ref _left) < 0) return;
        Interlocked.Increment(ref _thrown);
        throw Create();
    }

    private static Exception Create() => _kind switch
    {
        "invalid" => new InvalidOperationException("mine"),
        "cancelled" => new OperationCanceledException("mine"),
        "disposed" => new ObjectDisposedException("mine"),
        "json" => new JsonException("mine"),
        _ => new UnreadableException(),
    };

    /// <summary>Whoever looks at it gets another one.</summary>
    private sealed class UnreadableException : Exception
    {
        public override string Message => throw new NotSupportedException("no message");

        public override string ToString() => throw new NotSupportedException("no text");
    }
}
