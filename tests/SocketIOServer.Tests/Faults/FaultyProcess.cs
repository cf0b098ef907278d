using System.Diagnostics;
using System.Text.Json;

namespace SocketIOServer.Tests.Faults;

/// <summary>tests/FaultyProgram in a process of its own, once for a class of tests, with a witness: a client whose echo must come, whatever happens.</summary>
public sealed class FaultyProcess : IAsyncLifetime
{
    private Process _process = null!;
    private WireClient _witness = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = AppContext.BaseDirectory.Replace("SocketIOServer.Tests", "FaultyProgram", StringComparison.Ordinal);
        _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, "FaultyProgram.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await _process.StandardOutput.ReadLineAsync().Soon();
        Http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(address!), Timeout = TestHost.Patience };
        _witness = await WireClient.OpenAsync("websocket", Http);
        await _witness.SendAsync("40");
        await _witness.ReadAsync();
    }

    public async Task ArmAsync(string place, string kind)
    {
        using var armed = await Http.PostAsync(new Uri($"/arm?place={place}&kind={kind}", UriKind.Relative), null);
        armed.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until nobody but the witness is there, and the fault has happened and is in the log. The witness's echo comes as ever.</summary>
    public async Task<State> EndAsync(bool isThrown, int errors)
    {
        var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (await LookAsync() is var state && (state is not { Sessions: 1, Sockets: 1 } || isThrown && state.Thrown == 0 || state.Errors.Length < errors))
        {
            if (Environment.TickCount64 >= end) throw new TimeoutException($"something is left, or nothing was thrown: {state}");
            await Task.Delay(1);
        }

        await _witness.SendAsync("""421["ping"]""");
        Assert.Equal("""431["pong"]""", await _witness.ReadAsync());
        return await LookAsync();
    }

    private async Task<State> LookAsync() =>
        (await JsonSerializer.DeserializeAsync<State>(await Http.GetStreamAsync(new Uri("/state", UriKind.Relative)), JsonSerializerOptions.Web))!;

    public async Task<string[]> ReadUnobservedAsync() =>
        (await JsonSerializer.DeserializeAsync<string[]>(await Http.GetStreamAsync(new Uri("/unobserved", UriKind.Relative)), JsonSerializerOptions.Web))!;

    public async ValueTask DisposeAsync()
    {
        await _witness.DisposeAsync();
        Http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().Soon();
        Assert.Equal(0, _process.ExitCode);
        _process.Dispose();
    }

    public sealed record State(int Sessions, int Sockets, int Thrown, string[] Errors)
    {
        public override string ToString() => $"{Sessions} sessions, {Sockets} sockets, thrown {Thrown} times, errors: {string.Join(" | ", Errors)}";
    }
}
