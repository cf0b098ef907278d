using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LoadGenerator;

namespace LoadCluster;

/// <summary>A server of the race in a process of its own: ours, or one of Node.</summary>
internal sealed class NodeProcess : IDisposable
{
    private readonly Process _process;
    private readonly ServerProcess _cost;

    private NodeProcess(Process process, int port) => (_process, Port, _cost) = (process, port, new(process.Id, 0));

    /// <summary>Where it hears how many of its events have arrived.</summary>
    public int Port { get; }

    public static async Task<NodeProcess> StartAsync(string kind, string bus, int engine)
    {
        var start = kind == "node"
            ? new ProcessStartInfo("node", ["bench/Load/Cluster/server.mjs", bus, $"{engine}"])
            : new ProcessStartInfo("dotnet", [Environment.ProcessPath is { } path && !path.EndsWith("dotnet", StringComparison.Ordinal) ? Path.ChangeExtension(path, ".dll") : typeof(NodeProcess).Assembly.Location, "node", bus, $"{engine}"]);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The server {kind} with {bus} did not start.");
        return new(process, int.Parse(port, CultureInfo.InvariantCulture));
    }

    public double CpuSeconds() => _cost.CpuSeconds();

    public async Task<JsonElement> TellAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        using var document = JsonDocument.Parse(await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"A server ended at \"{line}\"."));
        return document.RootElement.Clone();
    }

    public void Dispose()
    {
        // At the end of its input it ends.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000)) _process.Kill();
        _process.Dispose();
    }
}
