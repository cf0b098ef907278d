using System.Text.Json.Nodes;

namespace SocketIOServer.Interop.Programs;

/// <summary>Seed 003: messages and JSON, rooms, and four namespaces, two of them for users who are signed in.</summary>
internal static class Rooms
{
    public static void Run(WebApplicationBuilder builder)
    {
        builder.Services.AddSocketIO();
        builder.Services.AddSingleton<IChatStore, ChatStore>();
        builder.Services.AddAuthorization(options => options.AddPolicy("RoomOwner", policy => policy.RequireUserName("owner")));
        var app = builder.Build();
        QueryUser.Use(app);
        var io = app.MapSocketIO();
        io.On("message", async (string text, ISocket s, ISocketServer server) =>
            {
                await server.SendAsync(text);
                await server.EmitAsync("ceshi", "测试");
            })
            .On("json", (JsonNode? body, ISocketServer server) => server.SendAsync(body))
            .On("join", async (RoomRequest r, ISocket s) =>
            {
                await s.JoinAsync(r.Room);
                await s.Everyone.To(r.Room).EmitAsync("status", $"{r.Username} has entered the room.");
            })
            .On("leave", async (RoomRequest r, ISocket s) =>
            {
                await s.LeaveAsync(r.Room);
                await s.Everyone.To(r.Room).EmitAsync("status", $"{r.Username} has left the room.");
            });
        io.Of("/anonymous").On("new message", (string body, ISocket s) => s.Everyone.EmitAsync("message", new { from = "anonymous", body }));
        io.Of<RoomsChat>();
        io.Of<PrivateChat>();
        app.Run();
    }

    private sealed record RoomRequest(string Username, string Room);
}
