using System.Text.Json;

namespace SocketIOServer.Interop.Programs;

/// <summary>What stands around handlers: options, a login, errors, all events, limits, filters, and an admin.</summary>
internal static class Guarded
{
    public static void Run(WebApplicationBuilder builder)
    {
        builder.Services.AddSocketIO(o =>
        {
            o.AllowEngineIO3 = true;
            o.MaxQueuedBytes = 1 << 20;
        });
        builder.Services.AddAuthorization(options => options.AddPolicy("Admin", policy => policy.RequireUserName("admin")));
        var app = builder.Build();
        QueryUser.Use(app);
        var io = app.MapSocketIO();
        io.OnConnecting(([FromAuth] LoginToken? login, ISocket s) =>
            {
                if (login is null) throw new ConnectionRefusedException("unauthorized", new { retry = false });
            })
            .OnError(e =>
            {
                app.Logger.LogInformation("{Event} failed: {Message}", e.Event, e.Exception.Message);
                return default;
            })
            .OnAny((string name, ISocket s, JsonElement[] args) => app.Logger.LogInformation("{Name} with {Count}", name, args.Length))
            .LimitEvents(new() { TokenLimit = 20, TokensPerPeriod = 10, ReplenishmentPeriod = TimeSpan.FromSeconds(1) })
            .AddFilter<Timing>();
        io.On("echo", (string text) => text).On("explode", void () => throw new InvalidOperationException("on purpose"));
        io.Of("/admin").Authorize("Admin").On("kick", async (string id, ISocketServer srv) =>
        {
            await srv.To(id).DisconnectAsync(close: true);
            return true;
        });
        app.Run();
    }

    private sealed record LoginToken(string Token);

    private sealed class Timing(ILogger<Timing> log, TimeProvider time) : IEventFilter
    {
        public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            var start = time.GetTimestamp();
            var ack = await next(context);
            log.LogInformation("{Event} took {Time}", context.Name, time.GetElapsedTime(start));
            return ack;
        }
    }
}
