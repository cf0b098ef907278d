using System.Diagnostics;

namespace SocketIOServer.Tests.Starvation;

/// <summary>A server in a process of its own, with a thread pool as a program has it at its start.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Ready = "listening on ";

    private readonly Process _process;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    public bool IsRunning => !_process.HasExited;

    /// <param name="arguments">Of tests/ProtocolHost, beside its address.</param>
    public static async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var folder = AppContext.BaseDirectory.Replace("SocketIOServer.Tests", "ProtocolHost", StringComparison.Ordinal);
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, "ProtocolHost.dll"), "--urls", "http://127.0.0.1:0", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync().Soon() is { } line)
        {
            if (line.StartsWith(Ready, StringComparison.Ordinal)) return new(process, new(line[Ready.Length..]));
        }

        throw new InvalidOperationException("The server did not start.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
