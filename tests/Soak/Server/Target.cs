using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using SocketIOServer.Testing;

namespace SocketIOServer.Soak.Server;

/// <summary>A server under load: in this process, or in one of its own, where its memory and CPU are its alone.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly WebApplication? _app;
    private readonly Process? _process;
    private readonly FakeClock? _time;

    private Target(string address, WebApplication? app, Process? process, FakeClock? time = null)
    {
        (Address, _app, _process, _time) = (new(address), app, process, time);
        Http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address, Timeout = Limits.Patience };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <param name="ping">PingInterval and PingTimeout, each.</param>
    /// <param name="isOwnProcess">See above.</param>
    /// <param name="environment">Of the process, beside this one's.</param>
    /// <param name="recoveryBytes">MaxTotalBytes of Recovery; null: without it.</param>
    /// <param name="hasOwnTime">In this process: time passes for the server when <see cref="PassAsync"/> says so, so that a busy machine ends no session.</param>
    public static async Task<Target> StartAsync(
        TimeSpan ping, bool isOwnProcess, IReadOnlyDictionary<string, string>? environment = null, bool hasOwnTime = false, long? recoveryBytes = null)
    {
        if (!isOwnProcess)
        {
            var time = hasOwnTime ? new FakeClock() : null;
            var app = SoakServer.Build(ping, time, recoveryBytes: recoveryBytes);
            await app.StartAsync();
            return new(app.Urls.First(), app, null, time);
        }

        string[] arguments = [typeof(Target).Assembly.Location, "serve", ping.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)];
        if (recoveryBytes is { } bytes) arguments = [.. arguments, bytes.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new(address, null, process);
    }

    /// <summary>For the process of its own: serves until it is told to end.</summary>
    public static async Task ServeAsync(TimeSpan ping, long? recoveryBytes)
    {
        var app = SoakServer.Build(ping, isAlone: true, recoveryBytes: recoveryBytes);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
    }

    public async Task<ServerState> LookAsync() => (await Http.GetFromJsonAsync<ServerState>("/state"))!;

    public async Task<KeptSessions> LookAtRecoveryAsync() => (await Http.GetFromJsonAsync<KeptSessions>("/recovery"))!;

    /// <summary>Whether a poll of that session has come and is not answered.</summary>
    public async Task<bool> IsPolledAsync(string sid) => await Http.GetFromJsonAsync<bool>($"/polled?session={sid}");

    /// <summary>Whether the session is there. A method that no transport has looks, and changes nothing.</summary>
    public async Task<bool> IsKnownAsync(Clients.PollingPeer polling)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, polling.Url);
        using var response = await Http.SendAsync(request);
        return response.StatusCode == System.Net.HttpStatusCode.MethodNotAllowed;
    }

    /// <summary>Of the server's own process, as the kernel counts.</summary>
    public long ResidentBytes()
    {
        _process!.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Time passes for the server; it may be no time here.</summary>
    public Task PassAsync(TimeSpan time)
    {
        if (_time is null) return Task.Delay(time);
        _time.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>Looks until it is so. The last look tells what it was, if it never is.</summary>
    public async Task<ServerState> UntilAsync(Func<ServerState, bool> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var state = await LookAsync();
            if (isSo(state)) return state;
            if (clock.Elapsed > Limits.Patience) throw new BrokenPromiseException($"{what}: {System.Text.Json.JsonSerializer.Serialize(state)}");
            await Task.Delay(_time is null ? 50 : 5);
            _time?.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Nothing is left of the clients: the baseline of every scenario.</summary>
    public async Task<ServerState> UntilEmptyAsync()
    {
        var state = await UntilAsync(state => state is { Sessions: 0, Sockets: 0 } && state.Left.Values.Sum() == state.Connected, "sessions or sockets are left");
        Promise.Holds(state is { Errors: 0, Unobserved: 0 }, $"{state.Errors} errors in the log, {state.Unobserved} exceptions of tasks: {string.Join('\n', state.ErrorTexts)}");
        return state;
    }

    /// <summary>Asks the server to stop as an operating system does; its exit code, or 0 where it is no process.</summary>
    public async Task<int> StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            return 0;
        }

        if (!_process!.HasExited) using (Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
