using System.Diagnostics;
using System.Globalization;
using LoadGenerator;

namespace LoadCluster;

/// <summary>A redis-server that keeps nothing, for two servers of the race. Others do not hear what they publish.</summary>
internal sealed class RedisEngine : IEngine
{
    private readonly Process _process;
    private readonly ServerProcess _cost;

    private RedisEngine(Process process, int port) => (_process, Port, _cost) = (process, port, new(process.Id, port));

    public int Port { get; }

    public static async Task<RedisEngine> StartAsync()
    {
        var port = Random.Shared.Next(20_000, 30_000).ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(new ProcessStartInfo("redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal)) continue;
            return new(process, int.Parse(port, CultureInfo.InvariantCulture));
        }

        throw new InvalidOperationException("redis-server did not start.");
    }

    public double CpuSeconds() => _cost.CpuSeconds();

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
