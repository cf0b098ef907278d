namespace SocketIOServer.Interop.Programs;

/// <summary>The server of docs/clients.md.</summary>
internal static class Guide
{
    public static void Run(WebApplicationBuilder builder)
    {
        builder.Services.AddSocketIO();
        var app = builder.Build();
        app.MapSocketIO().On("chat message", async (string text, ISocket socket) =>
        {
            await socket.Everyone.EmitAsync("chat message", text);
            return text.Length;
        });
        app.Run();
    }
}
