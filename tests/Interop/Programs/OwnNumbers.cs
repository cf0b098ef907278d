namespace SocketIOServer.Interop.Programs;

/// <summary>Seed 000 as its page has it: a loop for each client, inside connect, that stops by itself.</summary>
internal static class OwnNumbers
{
    public static void Run(WebApplicationBuilder builder)
    {
        HandMovedClock.Add(builder);
        builder.Services.AddSocketIO();
        var app = builder.Build();
        HandMovedClock.Map(app);
        app.MapSocketIO().Of("/test_conn").OnConnected(async (ISocket socket, TimeProvider time, CancellationToken gone) =>
        {
            try
            {
                while (!gone.IsCancellationRequested)
                {
                    await Task.Delay(TimeSpan.FromSeconds(5), time, gone);
                    await socket.EmitAsync("server_response", new { data = Random.Shared.Next(1, 101) });
                }
            }
            finally
            {
                app.Logger.LogInformation("The loop of {Id} ends", socket.Id);
            }
        });
        app.Run();
    }
}
