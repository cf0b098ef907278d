using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SocketIOServer.Epoll.Tests;

/// <summary>The limit is one of the whole process, so the server is another one: ProtocolHost, as its own tests start it.</summary>
public sealed partial class FileLimitTests
{
    private const int Limit = 250;

    [Fact]
    public async Task At_the_limit_of_open_files_connections_wait_until_others_have_gone()
    {
        using var server = Start();
        var lines = new BlockingCollection<string>();
        server.OutputDataReceived += (_, line) => lines.Add(line.Data ?? "");
        server.BeginOutputReadLine();
        try
        {
            var address = new Uri(Address.Match(Find(lines, "Now listening on")).Value);
            // A runtime at its limit cannot load what it needs for its first request.
            await using var first = await AskAsync(address);
            await first.ReadHeadAsync();
            var idle = await Task.WhenAll(Enumerable.Range(0, Limit).Select(_ => RawConnection.OpenAsync(address)));
            Find(lines, "accepts no connections for a moment: Too many open files.");

            var late = await AskAsync(address);
            foreach (var raw in idle) await raw.DisposeAsync();

            Assert.StartsWith("HTTP/1.1 200", await late.ReadHeadAsync(), StringComparison.Ordinal);
            await late.DisposeAsync();
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address { get; }

    private static Process Start() => Process.Start(new ProcessStartInfo("sh")
    {
        ArgumentList =
        {
            "-c",
            $"ulimit -n {Limit}; exec \"$0\" \"$@\"",
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet",
            Path.Combine(AppContext.BaseDirectory, "ProtocolHost.dll"),
            "--host=engine",
            "--transport=epoll",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
        },
        RedirectStandardOutput = true,
    })!;

    private static string Find(BlockingCollection<string> lines, string what)
    {
        while (lines.TryTake(out var line, TestHost.Patience))
        {
            if (line.Contains(what, StringComparison.Ordinal)) return line;
        }

        throw new TimeoutException($"The server does not say: {what}");
    }

    private static async Task<RawConnection> AskAsync(Uri address)
    {
        var raw = await RawConnection.OpenAsync(address);
        await raw.GetAsync("/engine.io/?EIO=4&transport=polling");
        return raw;
    }
}
