using System.Text.Json.Nodes;

namespace SocketIOServer.Interop.Server;

/// <summary>Rooms and broadcasts. A word is told as the arguments (run of the test, the word), passed on as they came.</summary>
internal static class Rooms
{
    public static void Map(SocketNamespaceBuilder ns) => ns
        .On("join", (string room, ISocket socket) => socket.JoinAsync(room))
        .On("leave", (string room, ISocket socket) => socket.LeaveAsync(room))
        .On("tell all", (JsonNode?[] args, ISocket socket) => socket.Everyone.EmitArgsAsync("told", args))
        .On("tell others", (JsonNode?[] args, ISocket socket) => socket.Broadcast.EmitArgsAsync("told", args))
        .On("tell room", (JsonNode?[] args, ISocket socket) => socket.Everyone.To(RoomIn(args)).EmitArgsAsync("told", args.AsSpan(1)))
        .On("tell others in room", (JsonNode?[] args, ISocket socket) => socket.To(RoomIn(args)).EmitArgsAsync("told", args.AsSpan(1)))
        .On("tell all except", (JsonNode?[] args, ISocket socket) => socket.Everyone.Except(RoomIn(args)).EmitArgsAsync("told", args.AsSpan(1)));

    private static string RoomIn(JsonNode?[] args) => args[0]!.GetValue<string>();
}
