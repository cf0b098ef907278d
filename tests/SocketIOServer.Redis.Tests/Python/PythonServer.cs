using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>A server of Flask-SocketIO or python-socketio with its Redis manager, which does what it is told: tests/Cluster/server.py.</summary>
internal sealed class PythonServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = [];
    private int _id;

    private PythonServer(Process process, int port)
    {
        (_process, Address) = (process, new($"http://127.0.0.1:{port}"));
        _ = ReadAsync();
    }

    public Uri Address { get; }

    /// <param name="redis">The port of Redis.</param>
    /// <param name="kind">flask or python.</param>
    /// <param name="path">Where python-socketio is, as PYTHONPATH has it; null: where the system has it.</param>
    public static async Task<PythonServer> StartAsync(int redis, string kind, string? path = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("PYTHON") ?? "/usr/bin/python3") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(Folder(), "server.py"), $"{redis}", kind]) start.ArgumentList.Add(argument);
        if (path is not null) start.Environment["PYTHONPATH"] = path;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TestHost.Patience) ?? throw new InvalidOperationException("Python has ended. Its packages are installed by eng/need-flask.");
        return new(process, JsonElement.Parse(line).GetProperty("port").GetInt32());
    }

    /// <summary>Calls a method of socketio.Server.</summary>
    public async Task<JsonElement> RunAsync(string method, object?[] args, Dictionary<string, object?>? kwargs = null)
    {
        var id = Interlocked.Increment(ref _id);
        var done = _calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { id, method, args, kwargs = kwargs ?? [] }));
        await _process.StandardInput.FlushAsync();
        return await done.Task.WaitAsync(TestHost.Patience);
    }

    public static object Tuple(params object?[] items) => new Dictionary<string, object?> { ["$tuple"] = items };

    public static object Bytes(params byte[] bytes) => new Dictionary<string, object?> { ["$hex"] = Convert.ToHexStringLower(bytes) };

    public async ValueTask DisposeAsync()
    {
        // It would end with its standard input, but for its greenlets.
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(TestHost.Patience);
        _process.Dispose();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "../../Cluster");

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var said = JsonElement.Parse(line);
            if (!_calls.TryRemove(said.GetProperty("id").GetInt32(), out var call)) continue;
            if (said.TryGetProperty("error", out var error)) call.SetException(new InvalidOperationException(error.GetString()));
            else call.SetResult(said.GetProperty("result"));
        }

        foreach (var (_, call) in _calls) call.TrySetException(new InvalidOperationException("Python has ended"));
    }
}
