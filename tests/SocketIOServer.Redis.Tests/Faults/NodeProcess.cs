using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>A server of a cluster in a process of its own, tests/ProtocolHost, with one client.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const string Build =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private readonly Process _process;

    private NodeProcess(Process process, string name, Client client) => (_process, Name, Client) = (process, name, client);

    public string Name { get; }

    public Client Client { get; }

    public static async Task<NodeProcess> StartAsync(int redis, string name, TimeSpan deadAfter)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(Folder(), $"../../ProtocolHost/bin/{Build}/net10.0/ProtocolHost.dll"), "--host", "socket", "--urls", "http://127.0.0.1:0", "--ping-interval", "3600000",
            "--cluster", $"127.0.0.1:{redis}", "--node", name, "--dead-after", deadAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        const string Listening = "listening on ";
        while (await process.StandardOutput.ReadLineAsync().Soon() is { } line)
        {
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) continue;
            // What is not read would fill the pipe some day.
            _ = process.StandardOutput.ReadToEndAsync();
            var client = await Client.JoinAsync(await SocketClient.ConnectAsync(new Uri(line[Listening.Length..])));
            // It is greeted with the auth of its connect packet.
            await client.ReadAsync();
            return new(process, name, client);
        }

        throw new InvalidOperationException("tests/ProtocolHost has ended.");
    }

    public void Kill() => _process.Kill();

    public void Freeze() => Signals.Stop(_process);

    public void Thaw() => Signals.Continue(_process);

    /// <summary>What a handler of the server answers to its client.</summary>
    public async Task<string> AskAsync(string @event)
    {
        await Client.Socket.SendAsync($"421[\"{@event}\"]");
        return await ReadAsync("431");
    }

    /// <summary>The next message that begins so. Others, such as a question of another server that arrives late, have no order with it.</summary>
    public async Task<string> ReadAsync(string begin)
    {
        while (true)
        {
            var text = await Client.ReadAsync();
            if (text.StartsWith(begin, StringComparison.Ordinal)) return text;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (!_process.HasExited)
        {
            Thaw();
            _process.Kill();
        }

        await _process.WaitForExitAsync().Soon();
        _process.Dispose();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
