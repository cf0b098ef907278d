namespace SocketIOServer.Interop.Server;

/// <summary>Disconnects by the server, and the reasons it sees for all others.</summary>
internal static class Leaving
{
    public static void Map(SocketNamespaceBuilder ns, Witness witness) => ns
        .On("kick", (bool close, ISocket socket) => socket.DisconnectAsync(close))
        .On("say and kick", async (string[] words, ISocket socket) =>
        {
            foreach (var word in words) await socket.EmitAsync("last words", word);
            await socket.DisconnectAsync();
        })
        .OnDisconnected((ISocket socket, LeaveReason reason) => witness.Left(socket.Id, reason.Text));
}
