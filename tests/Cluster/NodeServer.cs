using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SocketIOServer.Cluster.Tests.Node;

/// <summary>A server of socket.io on Node.js in a cluster with ours, which does what it is told: tests/Cluster/server.mjs.</summary>
public sealed class NodeServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = [];

    // Each line is written at once, whoever asks.
    private readonly SemaphoreSlim _writing = new(1);
    private int _id;

    private NodeServer(Process process, int port)
    {
        (_process, Address) = (process, new($"http://127.0.0.1:{port}"));
        _ = ReadAsync();
    }

    public Uri Address { get; }

    /// <param name="engine">The address of the engine that connects the servers.</param>
    /// <param name="mode">classic, static, dynamic, dynamic-private, streams-1, streams-4 or recovery for Redis; postgres.</param>
    public static async Task<NodeServer> StartAsync(string engine, string mode)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(Folder(), "server.mjs"), engine, mode]) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TestHost.Patience) ?? throw new InvalidOperationException("node has ended. Its packages are installed by eng/npm-ci tests/Cluster.");
        return new(process, JsonElement.Parse(line).GetProperty("port").GetInt32());
    }

    /// <summary>Calls one function after another, each on what the one before has returned: a name and its arguments each.</summary>
    public async Task<JsonElement> RunAsync(params object?[][] calls)
    {
        var id = Interlocked.Increment(ref _id);
        var done = _calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var line = JsonSerializer.Serialize(new { id, call = calls.Select(call => call.Select(value => value is byte[] bytes ? new Dictionary<string, string> { ["$hex"] = Convert.ToHexStringLower(bytes) } : value)) });
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }

        return await done.Task.WaitAsync(TestHost.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(TestHost.Patience);
        _process.Dispose();
        _writing.Dispose();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var said = JsonElement.Parse(line);
            if (!_calls.TryRemove(said.GetProperty("id").GetInt32(), out var call)) continue;
            if (said.TryGetProperty("error", out var error)) call.SetException(new InvalidOperationException(error.GetString()));
            else call.SetResult(said.GetProperty("result"));
        }

        foreach (var (_, call) in _calls) call.TrySetException(new InvalidOperationException("node has ended"));
    }
}
