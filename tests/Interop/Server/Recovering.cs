using System.Text.Json.Nodes;

namespace SocketIOServer.Interop.Server;

/// <summary>Clients that get their sessions back, on paths of their own: <c>cases/recovering.mjs</c>.</summary>
internal static class Recovering
{
    public static void Map(SocketNamespaceBuilder ns) => ns
        .On("join", (string room, ISocket socket) => socket.JoinAsync(room))
        .On("remember", (string value, ISocket socket) => socket.Data.Set("value", value))
        // What the server knows of this socket.
        .On("who", (ISocket socket) => (object?[])
        [
            socket.Recovered,
            socket.Rooms.Where(room => room != socket.Id).Order(StringComparer.Ordinal).ToArray(),
            socket.Data.Get<string>("value"),
        ])
        // To all, to a room, and to a socket that may be away.
        .On("send", async (string room, string id, JsonNode value, ISocket socket) =>
        {
            await socket.Everyone.EmitAsync("told", room, "all", value);
            await socket.Everyone.To(room).EmitAsync("told", room, "room", value);
            await socket.Everyone.To(id).EmitAsync("told", room, "socket", value);
        });
}
