using System.Globalization;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>The short form of the faults is part of each test run. FAULTS=10 runs the long form, ten times each.</summary>
internal static class Rounds
{
    private static readonly string? Setting = Environment.GetEnvironmentVariable("FAULTS");

    public static bool IsLong => Setting is { Length: > 0 };

    public static int Count => IsLong ? int.Parse(Setting!, CultureInfo.InvariantCulture) : 1;

    /// <summary>The default of the bus in the long form.</summary>
    public static TimeSpan ProbeInterval => IsLong ? TimeSpan.FromSeconds(1.5) : TimeSpan.FromMilliseconds(300);

    public static TimeSpan Take(double shortSeconds, double longSeconds) => TimeSpan.FromSeconds(IsLong ? longSeconds : shortSeconds);

    public static void Say(FormattableString line)
    {
        if (IsLong) Console.WriteLine("   " + line.ToString(CultureInfo.InvariantCulture));
    }
}
