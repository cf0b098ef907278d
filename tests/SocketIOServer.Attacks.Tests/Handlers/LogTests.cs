using Microsoft.Extensions.Logging;

namespace SocketIOServer.Attacks.Tests.Handlers;

/// <summary>ATTACKS A79: a client can neither fill the log nor write into it.</summary>
public sealed class LogTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Theory]
    [InlineData("""42["int","x"]""")]
    [InlineData("""42["int","a\r\nFAKE: b\u001b[31m"]""")]
    [InlineData("""42["list",[{"a\r\nFAKE: b":"\u001b[31m"}]]""")]
    [InlineData("""42["a\r\nFAKE: b"]""")]
    [InlineData("43999[\"\\r\\nFAKE: b\"]")]
    [InlineData("3")]
    public async Task A79_two_thousand_bad_packets_are_one_line_at_most(string message)
    {
        foreach (var isPolling in (bool[])[false, true])
        {
            var before = server.Host.Log.Lines.Count;
            await using (var attacker = await Attacker.OpenAsync(server.Host, isPolling))
                Assert.Equal(("", Outcome.Alive), await attacker.SendAsync([.. Enumerable.Repeat(message, 2_000)]));

            await server.AssertQuietAsync();
            var lines = server.Host.Log.Lines.Skip(before).Where(line => line.Category.StartsWith("SocketIOServer", StringComparison.Ordinal)).ToArray();
            Assert.InRange(lines.Count(line => line.Level >= LogLevel.Information), 0, 1);
            Assert.DoesNotContain(lines, line => line.Text.AsSpan().IndexOfAny("\r\n\u001b") >= 0);
        }
    }

    [Theory]
    [InlineData(Outcome.ParseError, "nonsense\r\nFAKE: b")]
    [InlineData(Outcome.ParseError, "42[\"\r\nFAKE: b\"]")]
    [InlineData(Outcome.ForcedClose, "42/\r\nFAKE: b,[\"x\"]")]
    public async Task A79_an_end_is_a_line_for_debugging_and_a_client_writes_no_line_of_its_own(string outcome, string message)
    {
        var before = server.Host.Log.Lines.Count;

        await server.AttackAsync(outcome, [message]);

        var lines = server.Host.Log.Lines.Skip(before).Where(line => line.Category.StartsWith("SocketIOServer", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lines);
        // The first refusal of a kind is a warning once an hour.
        Assert.All(lines.Where(line => line.Id.Name != "LogFirst"), line => Assert.Equal(LogLevel.Debug, line.Level));
        Assert.DoesNotContain(lines, line => line.Text.AsSpan().IndexOfAny("\r\n") >= 0);
        // The namespace that it asked for is named, in quotes and escaped.
        Assert.All(lines.Where(line => line.Text.Contains("FAKE", StringComparison.Ordinal)), line => Assert.Contains("\"/\\u000d\\u000aFAKE: b\"", line.Text, StringComparison.Ordinal));
    }
}
