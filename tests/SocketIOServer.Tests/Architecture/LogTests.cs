using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Tests.Architecture;

/// <summary>Log lines are found by their ids, so each has one, for good, and docs/observability.md lists it.</summary>
public sealed partial class LogTests
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // One category for both layers: an id is given once.
    private static LoggerMessageAttribute[] Messages { get; } =
        [.. new[] { typeof(EngineServer).Assembly, typeof(SocketServer).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(All))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()];

    [Fact]
    public void No_id_is_given_twice() =>
        Assert.Equal(Messages.Length, Messages.Select(message => message.EventId).Distinct().Count());

    [Fact]
    public async Task Each_id_is_listed_with_its_level()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "observability.md"));

        Assert.NotEmpty(Messages);
        Assert.All(Messages, message => Assert.Contains($"| {message.EventId} | {message.Level} |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_logged_but_by_generated_methods() =>
        Assert.Empty(Repository.Sources.Where(file => file.Name != "FencedLogger.cs").SelectMany(file => file.Find(line => DirectLog.IsMatch(line))));

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)?\(|LoggerMessage\.Define")]
    private static partial Regex DirectLog { get; }
}
