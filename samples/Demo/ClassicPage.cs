using SocketIOServer;

namespace Demo;

/// <summary>Namespace "/test", for the page with two forms: one is answered to its sender, the other to everybody.</summary>
internal static partial class ClassicPage
{
    public static void Map(SocketNamespaceBuilder test) => test
        .OnConnected((ISocket socket) => socket.EmitAsync("my response", new Text("Connected")))
        .On("my event", (Text message, ISocket socket) => socket.EmitAsync("my response", message))
        .On("my broadcast event", (Text message, ISocket socket) =>
            socket.Everyone.EmitAsync("my response", message))
        .OnDisconnected((ISocket socket, LeaveReason why, ILogger<Program> log) =>
            LogDisconnected(log, socket.Id, why));

    private sealed record Text(string Data);
}
