using System.Text.Json.Nodes;
using SocketIOServer;

namespace Demo;

/// <summary>The default namespace "/": unnamed messages, JSON of any shape, and rooms.</summary>
internal static class RoomsPage
{
    public static void Map(SocketNamespaceBuilder root) => root
        .On("message", async (string text, ISocketServer server) =>
        {
            await server.SendAsync(text);
            // The page was written in Chinese: "ceshi", 测试, means "test".
            await server.EmitAsync("ceshi", "测试");
        })
        .On("json", (JsonNode? body, ISocketServer server) => server.SendAsync(body))

        .On("join", async (RoomRequest request, ISocket socket) =>
        {
            await socket.JoinAsync(request.Room);
            await socket.Everyone.To(request.Room)
                .EmitAsync("status", $"{request.Username} has entered the room.");
        })
        .On("leave", async (RoomRequest request, ISocket socket) =>
        {
            await socket.LeaveAsync(request.Room);
            await socket.Everyone.To(request.Room)
                .EmitAsync("status", $"{request.Username} has left the room.");
        })
        .On("room_message", (RoomMessage message, ISocket socket) =>
            socket.Everyone.To(message.Room).SendAsync(message));

    private sealed record RoomRequest(string Username, string Room);

    private sealed record RoomMessage(string Room, string Body);
}
