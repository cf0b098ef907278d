using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NATS.Client.Core;

namespace SocketIOServer.Nats.Tests;

/// <summary>A nats-server of the test's own on a free port of loopback, which can be killed, frozen and started again.</summary>
internal sealed partial class NatsServer : IAsyncDisposable
{
    private const int Stop = 19, Continue = 18;

    private readonly string _file = Path.GetTempFileName();
    private Process? _process;

    private NatsServer(int port) => Port = port;

    public int Port { get; }

    public string Url => $"nats://127.0.0.1:{Port}";

    public NatsOpts Opts => new() { Url = Url };

    /// <param name="settings">More lines for its configuration file.</param>
    public static async Task<NatsServer> StartAsync(string settings = "")
    {
        var server = new NatsServer(FreePort());
        await File.WriteAllTextAsync(server._file, $"listen: \"127.0.0.1:{server.Port}\"\n{settings}\n");
        await server.RunAsync();
        return server;
    }

    public async Task RunAsync()
    {
        var start = new ProcessStartInfo("nats-server") { RedirectStandardError = true };
        foreach (var argument in (string[])["-c", _file]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.Contains("Server is ready", StringComparison.Ordinal)) continue;
            // What is not read would fill the pipe some day.
            _ = _process.StandardError.ReadToEndAsync();
            return;
        }

        throw new InvalidOperationException("nats-server has ended. It is installed by eng/need-nats.");
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Freeze() => Signal(Stop);

    public void Thaw() => Signal(Continue);

    /// <summary>Publishes over a connection of its own, whatever the subject means, and waits until the server has it.</summary>
    public async Task PublishAsync(string subject, string message)
    {
        await using var connection = new NatsConnection(Opts);
        await connection.PublishAsync(subject, message);
        await connection.PingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            Thaw();
            await KillAsync();
        }

        File.Delete(_file);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Signal(int signal) => Assert.Equal(0, SendSignal(_process!.Id, signal));
}
