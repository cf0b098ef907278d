namespace SocketIOServer.Interop.Programs;

/// <summary>Seed 000: numbers for everybody every five seconds.</summary>
internal static class Numbers
{
    public static void Run(WebApplicationBuilder builder)
    {
        HandMovedClock.Add(builder);
        builder.Services.AddSocketIO();
        builder.Services.AddHostedService<RandomFeed>();
        var app = builder.Build();
        HandMovedClock.Map(app);
        app.MapSocketIO().Of("/test_conn");
        app.Run();
    }

    private sealed class RandomFeed(ISocketServer io, TimeProvider time) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await io.Of("/test_conn").EmitAsync("server_response", new { data = Random.Shared.GetItems(Enumerable.Range(1, 100).ToArray(), 10) });
        }
    }
}
