using System.Reflection;
using System.Text.RegularExpressions;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Tests.Architecture;

/// <summary>Who may know whom, and the places that may know a version (docs/architecture.md).</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Assembly Protocol = typeof(EngineProtocol).Assembly;
    private static readonly Assembly Engine = typeof(EngineServer).Assembly;

    [Fact]
    public void The_codecs_use_nothing_but_the_base_class_library() =>
        Assert.All(References(Protocol), name => Assert.Matches("^System(\\.|$)", name));

    [Fact]
    public void The_engine_knows_nothing_of_Socket_IO()
    {
        Assert.DoesNotContain("SocketIOServer", References(Engine));
        AssertNowhere(
            line => line.Contains("Protocol.SocketIO", StringComparison.Ordinal) || SocketPackets.IsMatch(line), file => file.IsIn("SocketIOServer.EngineIO"));
    }

    [Fact]
    public void What_ships_to_production_knows_nothing_of_testing()
    {
        Assert.DoesNotContain("SocketIOServer.Testing", References(typeof(ISocket).Assembly));
        AssertNowhere(line => line.Contains("SocketIOServer.Testing", StringComparison.Ordinal), file => !file.IsIn("SocketIOServer.Testing"));
    }

    [Fact]
    public void The_codecs_of_Engine_IO_know_nothing_of_those_above() =>
        AssertNowhere(
            line => line.Contains("Protocol.SocketIO", StringComparison.Ordinal),
            file => file.IsIn("SocketIOServer.Protocol/EngineIO"));

    [Fact]
    public void The_codecs_have_no_tasks_streams_or_logs() =>
        AssertNowhere(
            line => ForbiddenInCodecs.IsMatch(line),
            file => file.IsIn("SocketIOServer.Protocol"));

    [Fact]
    public void One_line_reads_a_version()
    {
        // The transport below Kestrel knows no protocol; its Revision is that of a feature collection.
        var lines = Repository.Sources.Where(file => !file.IsIn("SocketIOServer.Epoll")).SelectMany(file => file.Find(line => VersionText.IsMatch(line)));

        var line = Assert.Single(lines);
        Assert.Matches(@"^src/SocketIOServer\.Protocol/EngineIO/EngineProtocol\.cs:\d+: .* Select\(", line);
    }

    [Fact]
    public void One_line_maps_the_engines_revision_to_that_of_Socket_IO()
    {
        var lines = Repository.Sources
            .Where(file => file.Name is not ("EngineProtocol.cs" or "SocketDialect.cs"))
            .SelectMany(file => file.Find(line => RevisionObject.IsMatch(line)));

        Assert.StartsWith("src/SocketIOServer/SocketServer.cs:", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_asks_of_which_class_a_revision_is() =>
        AssertNowhere(
            line => RevisionClass.IsMatch(line),
            file => file.Name is not ("EngineProtocol.cs" or "EngineProtocolV3.cs" or "EngineProtocolV4.cs"
                or "SocketDialect.cs" or "SocketDialectV4.cs" or "SocketDialectV5.cs"));

    [Fact]
    public void Rooms_know_nothing_of_the_web() =>
        AssertNowhere(line => line.Contains("Microsoft.AspNetCore", StringComparison.Ordinal), file => file.IsIn("SocketIOServer/Adapters"));

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_of_the_core_knows_only_those_below_it(string folder)
    {
        var above = FoldersFromBelow.Skip(Array.IndexOf(FoldersFromBelow, folder) + 1).Select(name => $"SocketIOServer.{name}").ToArray();

        AssertNowhere(
            line => above.Any(name => line.StartsWith($"using {name};", StringComparison.Ordinal) || line.Contains(name + ".", StringComparison.Ordinal)),
            file => file.IsIn("SocketIOServer/" + folder));
        // It puts all parts together.
        if (folder != FoldersFromBelow[^1]) AssertNowhere(line => Composition.IsMatch(line), file => file.IsIn("SocketIOServer/" + folder));
    }

    [Fact]
    public void Every_folder_of_the_core_has_its_place_in_the_order() =>
        Assert.Equal(
            FoldersFromBelow.Append("Typed").Order(StringComparer.Ordinal),
            Repository.Sources.Where(file => file.IsIn("SocketIOServer") && file.Path.Count(c => c == '/') > 2).Select(file => file.Path.Split('/')[2]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_request_is_known_only_where_it_is_served() =>
        AssertNowhere(
            line => line.Contains("HttpContext", StringComparison.Ordinal),
            file => !file.Path.Contains("/Transports/", StringComparison.Ordinal)
                && !file.Path.Contains("/Hosting/", StringComparison.Ordinal)
                && !file.Path.Contains("SocketIOServer.EngineIO/Events/", StringComparison.Ordinal)
                // Two refuse handlers that take one.
                && file.Name is not ("ClientTypes.cs" or "HandlerParameterAnalyzer.cs" or "EngineServer.cs" or "EngineOptions.cs" or "RequestValidator.cs" or "SessionIds.cs" or "SessionOpener.cs" or "OriginCheck.cs" or "OriginDetails.cs" or "AmbientCredentials.cs" or "HandshakeRequest.cs" or "Rejection.cs"));

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Assert.All(Repository.Sources, file => Assert.True(file.Lines.Length <= 400, $"{file.Path} has {file.Lines.Length} lines: split it."));

    [Fact]
    public void No_region_hides_anything() => AssertNowhere(line => line.StartsWith("#region", StringComparison.Ordinal), _ => true);

    [Fact]
    public void The_scan_sees_the_sources() => Assert.InRange(Repository.Sources.Count, 50, 1000);

    // Packets have digits too: '4' is a message, "5" an upgrade. A string "3" or "4" that is compared is a version.
    [GeneratedRegex("""(=>|[!=]=|\bis|\bnot|\bcase|Equals\()\s*"[34]"|"[34]"\s*(=>|[!=]=)|\bRevision\b""")]
    private static partial Regex VersionText { get; }

    // The public types of the packets are in the namespace of all.
    [GeneratedRegex(@"\b(SocketPacket|PacketDecoder|PacketLimits)\b")]
    private static partial Regex SocketPackets { get; }

    [GeneratedRegex(@"\b(EngineProtocol|SocketDialect)\.V[345]\b")]
    private static partial Regex RevisionObject { get; }

    [GeneratedRegex(@"\b(EngineProtocolV[345]|SocketDialectV[345])\b")]
    private static partial Regex RevisionClass { get; }

    [GeneratedRegex(@"\b(Task|ValueTask|Stream|ILogger|HttpContext|async)\b")]
    private static partial Regex ForbiddenInCodecs { get; }

    private static readonly string[] FoldersFromBelow = ["Json", "Adapters", "Recovery", "Retries", "Inboxes", "Cluster", "Events", "Broadcasts", "Sockets", "Namespaces", "Hosting"];

    public static TheoryData<string> Folders => [.. FoldersFromBelow];

    [GeneratedRegex(@"\bSocketServer\b")]
    private static partial Regex Composition { get; }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static void AssertNowhere(Func<string, bool> isMeant, Func<Repository.SourceFile, bool> within) =>
        Assert.Empty(Repository.Sources.Where(within).SelectMany(file => file.Find(isMeant)));
}
