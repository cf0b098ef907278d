using System.Diagnostics;
using System.Globalization;
using LoadGenerator;

namespace ChatLoad;

/// <summary>What was measured.</summary>
internal sealed record Result
{
    private const double MiB = 1 << 20;

    public required Posts Posts { get; init; }

    /// <summary>From the first post to the last delivery.</summary>
    public required double Seconds { get; init; }

    public required double ServerCpuSeconds { get; init; }

    public required double OwnCpuSeconds { get; init; }

    public required long ResidentBytes { get; init; }

    /// <summary>With its journal.</summary>
    public required long DatabaseBytes { get; init; }

    public bool IsGood => Posts.IsOver && Posts is { Refused: 0, Doubled: 0 } && Posts.CountOrders() == 1;

    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        | figure | |
        | --- | --- |
        | deliveries | {Posts.Delivered:#,0} of {Posts.Expected:#,0}, {Posts.Delivered / Seconds:#,0} a second |
        | lost; doubled | {Posts.Expected - Posts.Delivered:#,0}; {Posts.Doubled:#,0} |
        | orders seen | {Posts.CountOrders():#,0} |
        | posts acked; refused | {Posts.Acked:#,0} of {Posts.Count:#,0}; {Posts.Refused:#,0} |
        | server CPU, seconds per 1,000 posts | {ServerCpuSeconds / Posts.Count * 1000:0.00} |
        | server CPU, seconds per million deliveries | {ServerCpuSeconds / Posts.Delivered * 1e6:0.00} |
        | core used by server; by client | {ServerCpuSeconds / Seconds:0 %}; {OwnCpuSeconds / Seconds:0 %} |
        | post to ack, ms: p50; p99; p99.9 | {Of(Posts.ToAck, 0.5)}; {Of(Posts.ToAck, 0.99)}; {Of(Posts.ToAck, 0.999)} |
        | post to last delivery, ms: p50; p99; p99.9 | {Of(Posts.ToLast, 0.5)}; {Of(Posts.ToLast, 0.99)}; {Of(Posts.ToLast, 0.999)} |
        | server's resident memory at the end, MiB | {ResidentBytes / MiB:0} |
        | database with its journal, MiB | {DatabaseBytes / MiB:0.0} |

        """);

    private static string Of(Histogram histogram, double fraction) =>
        (histogram.Percentile(fraction) * 1000.0 / Stopwatch.Frequency).ToString("0.0", CultureInfo.InvariantCulture);
}
