using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace LoadCluster;

/// <summary>
/// The payload of every event, 32 characters: <c>#</c>, ten digits that number it, <c>@</c>, sixteen digits of the time at which it was emitted, and four that fill.
/// The time is the system's monotonic clock in nanoseconds, which is the same in all processes.
/// </summary>
internal static class Stamp
{
    private const int NumberDigits = 10;
    private const int TimeDigits = 16;

    public static string Write(long number) => string.Create(CultureInfo.InvariantCulture, $"#{number:D10}@{Stopwatch.GetTimestamp():D16}xxxx");

    /// <summary>Finds the payload in a message of any form: its characters are the same in JSON and in MessagePack.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out long number, out long time)
    {
        number = time = 0;
        var start = message.IndexOf((byte)'#');
        if (start < 0 || message.Length < start + NumberDigits + TimeDigits + 2) return false;
        return Utf8Parser.TryParse(message.Slice(start + 1, NumberDigits), out number, out _)
            && Utf8Parser.TryParse(message.Slice(start + NumberDigits + 2, TimeDigits), out time, out _);
    }
}
