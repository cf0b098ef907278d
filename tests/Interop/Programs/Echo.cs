namespace SocketIOServer.Interop.Programs;

/// <summary>Seed 002: echo and broadcast with a count, and leaving after the ack.</summary>
internal static class Echo
{
    public static void Run(WebApplicationBuilder builder)
    {
        builder.Services.AddSocketIO();
        var app = builder.Build();
        app.MapSocketIO().Of("/test")
            .On("my_event", (Text m, ISocket s) => s.EmitAsync("my_response", new Numbered(m.Data, s.Data.Increment("receive_count"))))
            .On("my_broadcast_event", (Text m, ISocket s) => s.Everyone.EmitAsync("my_response", new Numbered(m.Data, s.Data.Increment("receive_count"))))
            .On("disconnect_request", async (ISocket s) =>
            {
                await s.CallAsync("my_response", new Numbered("Disconnected!", s.Data.Increment("receive_count")), timeout: TimeSpan.FromSeconds(5));
                await s.DisconnectAsync();
            });
        app.Run();
    }

    private sealed record Numbered(string Data, long Count);
}
