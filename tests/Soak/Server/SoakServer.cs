using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Soak.Server;

/// <summary>The server under load, as a program would write it, with the handlers that the scenarios need.</summary>
internal static class SoakServer
{
    private const string Sequence = "sequence";

    /// <summary>Ready to be started on a free port of the loopback.</summary>
    /// <param name="ping">PingInterval and PingTimeout, each; ConnectTimeout is both together.</param>
    /// <param name="time">Null: the system's.</param>
    /// <param name="recoveryBytes">MaxTotalBytes of Recovery; null: without it.</param>
    /// <param name="isAlone">The process is the server's alone: memory is collected before it is told of, and no task may fail unseen.</param>
    public static WebApplication Build(TimeSpan ping, TimeProvider? time = null, bool isAlone = false, long? recoveryBytes = null)
    {
        var counters = new Counters();
        if (isAlone) TaskScheduler.UnobservedTaskException += (_, _) => counters.OnUnobserved();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        if (Environment.GetEnvironmentVariable("TRANSPORT") == "epoll") builder.WebHost.UseEpoll();
        builder.Logging.ClearProviders().AddProvider(counters);
        builder.Services.AddSocketIO(options =>
        {
            options.PingInterval = options.PingTimeout = ping;
            options.ConnectTimeout = ping * 2;
            if (recoveryBytes is { } bytes) options.Recovery = new() { MaxTotalBytes = bytes };
        });
        if (time is not null) builder.Services.AddSingleton(time);
        if (recoveryBytes is not null) builder.Services.AddSingleton<RecoveryGauges>();
        builder.Services.AddHealthChecks().AddSocketIO();
        var app = builder.Build();
        app.Use((context, next) => WatchAsync(context, next, counters));
        MapEvents(app.MapSocketIO(), counters);
        app.MapGet("/polled", (string session) => counters.Polled.ContainsKey(session));
        app.MapGet("/state", async (ISocketServer io, HealthCheckService health) => await LookAsync(io, health, counters, isAlone));
        if (recoveryBytes is not null) app.MapGet("/recovery", (RecoveryGauges gauges) => gauges.Read());
        app.MapPost("/broadcast", (int perSecond, int bytes, double seconds, ISocketServer io, int from = 0) =>
            BroadcastAsync(io, perSecond, bytes, TimeSpan.FromSeconds(seconds), from, app.Lifetime.ApplicationStopping));
        return app;
    }

    private static void MapEvents(SocketEndpointBuilder io, Counters counters)
    {
        foreach (var name in (string[])["/", "/other"])
        {
            io.Of(name)
                .OnConnected(counters.OnConnected)
                .OnDisconnected((LeaveReason reason) => counters.OnDisconnected(reason));
        }

        io.OnConnected((ISocket socket) => socket.Data.Set(Sequence, new Sequence()))
            .On("echo", (string text) => text)
            .On("join", (string room, ISocket socket) => socket.JoinAsync(room))
            .On("say", (string text, ISocketServer server) => server.To("room").EmitAsync("said", text))
            .On("mark", (long mark) => counters.Mark(mark))
            .On("large", (int bytes, ISocket socket) => socket.EmitAsync("large", new string('x', bytes)))
            .On("block", Block)
            .On("number", (int number, ISocket socket) => Of(socket).Receive(number))
            // Sent beside the handlers, for "rest" has to be handled meanwhile.
            .On("numbers", (int count, ISocket socket) => { _ = Of(socket).SendAsync(socket, count); })
            .On("rest", (ISocket socket) => Of(socket).SendRest())
            .On("total", (ISocket socket) => Of(socket).Total);
    }

    // As code does that people bring along, whatever analyzers say.
    private static void Block(int milliseconds)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(milliseconds);
    }

    private static Sequence Of(ISocket socket) => socket.Data.Get<Sequence>(Sequence)!;

    private static async Task WatchAsync(HttpContext context, RequestDelegate next, Counters counters)
    {
        var sid = HttpMethods.IsGet(context.Request.Method) && !context.WebSockets.IsWebSocketRequest ? context.Request.Query["sid"].ToString() : "";
        if (sid.Length > 0) counters.Polled[sid] = true;
        try
        {
            await next(context);
        }
        finally
        {
            if (sid.Length > 0) counters.Polled.TryRemove(sid, out _);
        }
    }

    private static async Task<ServerState> LookAsync(ISocketServer io, HealthCheckService health, Counters counters, bool isAlone)
    {
        if (isAlone) Collect();
        var report = await health.CheckHealthAsync();
        return new()
        {
            Sessions = report.Entries.Values.Sum(entry => (int)entry.Data["sessions"]),
            Sockets = await io.CountAsync() + await io.Of("/other").CountAsync(),
            Heap = GC.GetTotalMemory(forceFullCollection: false),
            Resident = Environment.WorkingSet,
            CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
            Files = Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0,
            Timers = Timer.ActiveCount,
            Errors = counters.Errors,
            ErrorTexts = [.. counters.ErrorTexts],
            Unobserved = counters.Unobserved,
            Connected = counters.Connected,
            Left = new(counters.Left),
            Doubled = counters.Doubled,
            Now = DateTimeOffset.UtcNow,
        };
    }

    // Twice: what finalizers let go of is collected too.
    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    // In steps of 20 ms, and never more in a step to make up for one that was late: what a program emits in a burst is not held back, and may
    // be more than clients can take. Returns when all is queued, or the server ends.
    private static async Task<IResult> BroadcastAsync(ISocketServer io, int perSecond, int bytes, TimeSpan duration, int from, CancellationToken stopping)
    {
        var text = new string('x', bytes);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var sent = 0;
        while (clock.Elapsed < duration && !stopping.IsCancellationRequested)
        {
            for (var i = 0; i < Math.Max(1, perSecond / 50); i++) await io.To("room").EmitAsync("news", from + sent++, text);
            await Task.Delay(20, CancellationToken.None);
        }

        return Results.Text(sent.ToString(CultureInfo.InvariantCulture));
    }
}
