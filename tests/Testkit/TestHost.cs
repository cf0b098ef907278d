using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer;
using SocketIOServer.Testing;

namespace Testkit;

/// <summary>A real Kestrel on a free loopback port with a Socket.IO server, and every way to talk to it.</summary>
public sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHost(WebApplication app, FakeClock time, LogCollector log)
    {
        _app = app;
        Time = time;
        Log = log;
        Address = new(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address, Timeout = Patience };
    }

    /// <summary>How long a test waits for what must come; only a failure takes so long.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    public FakeClock Time { get; }

    public LogCollector Log { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public ISocketServer Io => Services.GetRequiredService<ISocketServer>();

    /// <param name="map">Declares the handlers.</param>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="build">Adds services.</param>
    /// <param name="use">Adds middleware before the endpoint.</param>
    public static async Task<TestHost> StartAsync(
        Action<SocketEndpointBuilder>? map = null,
        Action<SocketServerOptions>? options = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null)
    {
        var time = new FakeClock();
        var log = new LogCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        if (Environment.GetEnvironmentVariable("TRANSPORT") == "epoll") builder.WebHost.UseEpoll(epoll => epoll.Loops = 2);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSocketIO(options);
        build?.Invoke(builder);
        var app = builder.Build();
        use?.Invoke(app);
        var io = app.MapSocketIO();
        map?.Invoke(io);
        await app.StartAsync();
        return new(app, time, log);
    }

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Stops, and lets CloseTimeout pass for clients that do not come for their close packet.</summary>
    public async Task StopInTimeAsync()
    {
        var stopping = _app.StopAsync();
        while (await Task.WhenAny(stopping, Task.Delay(5)) != stopping) Time.Advance(TimeSpan.FromSeconds(1));
        await stopping;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopInTimeAsync();
        await _app.DisposeAsync();
        // Kestrel waits half a minute for them, and the test would only be slow.
        if (Log.Lines.Any(line => line.Id.Name == "NotAllConnectionsClosedGracefully")) throw new InvalidOperationException("Connections did not end when the host stopped.");
    }
}
