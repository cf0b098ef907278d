using System.Text.Json.Nodes;

namespace SocketIOServer.Interop.Server;

/// <summary>Many messages, to see that none is lost, doubled or overtaken.</summary>
internal static class Order
{
    public static void Map(SocketNamespaceBuilder ns) => ns
        .On("take", (int number, ISocket socket) => Taken(socket).Add(number))
        .On("taken", (ISocket socket) => Taken(socket))
        .On("give", async (int from, int count, ISocket socket) =>
        {
            for (var i = 0; i < count; i++) await socket.EmitAsync("given", from + i);
        })
        .On("mirror", (JsonNode?[] args, ISocket socket) => socket.EmitArgsAsync("mirrored", args))
        .On("pump", (ISocket socket) => socket.Data.Set("pump", Pump.Start(socket)))
        .On("stop pump", (ISocket socket) => socket.Data.Get<Pump>("pump")!.StopAsync());

    // Events of one socket come one at a time, so the list needs no lock.
    private static List<int> Taken(ISocket socket)
    {
        if (socket.Data.Get<List<int>>("taken") is { } taken) return taken;
        taken = [];
        socket.Data.Set("taken", taken);
        return taken;
    }
}
