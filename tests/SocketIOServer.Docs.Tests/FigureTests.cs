namespace SocketIOServer.Docs.Tests;

/// <summary>The figures of the README are those of bench/RESULTS.md.</summary>
public sealed class FigureTests
{
    [Fact]
    public void Figures_of_the_README_are_measured_ones()
    {
        var measured = Rows("bench/RESULTS.md").Select(row => (Scenario: row[0], Figures: string.Join(' ', row[1..6]))).ToHashSet();   // ours, epoll, node, bun, signalr
        var shown = Rows("README.md").Where(row => row.Length == 6 && row[0].Contains("(`", StringComparison.Ordinal)).Select(row => (Scenario: row[0].Split('`')[1], Figures: string.Join(' ', row[1..6]))).ToList();

        Assert.True(shown.Count >= 5);
        Assert.Contains(shown, row => row.Scenario == "fixed-rate");
        Assert.DoesNotContain(shown, row => !measured.Contains(row));
    }

    private static IEnumerable<string[]> Rows(string page) =>
        Pages.Lines(page).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).Where(row => row.Length >= 6);
}
