namespace SocketIOServer.Interop.Programs;

/// <summary>Seed 004: the page with two forms.</summary>
internal static class Forms
{
    public static void Run(WebApplicationBuilder builder)
    {
        builder.Services.AddSocketIO();
        var app = builder.Build();
        app.MapSocketIO().Of("/test")
            .OnConnected((ISocket s) => s.EmitAsync("my response", new Text("Connected")))
            .On("my event", (Text m, ISocket s) => s.EmitAsync("my response", m))
            .On("my broadcast event", (Text m, ISocket s) => s.Everyone.EmitAsync("my response", m))
            .OnDisconnected((ISocket s, LeaveReason why, ILogger<ISocket> log) => log.LogInformation("Client {Id} disconnected: {Why}", s.Id, why));
        app.Run();
    }
}
