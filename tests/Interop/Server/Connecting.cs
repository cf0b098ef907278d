using System.Text.Json;

namespace SocketIOServer.Interop.Server;

/// <summary>Namespaces that refuse or greet.</summary>
internal static class Connecting
{
    private static readonly object RefusalData = new { code = 7, why = new[] { "中", null } };

    public static void Map(SocketEndpointBuilder io)
    {
        io.Of("/deny").OnConnecting(void (ISocket _) => throw new ConnectionRefusedException("not allowed: ü", RefusalData));
        io.Of("/greeting").OnConnected((ISocket socket) => socket.EmitAsync("greeting", "hello"));
    }

    public static object Describe(ISocket socket) => new
    {
        socket.Id,
        socket.Namespace,
        Transport = socket.Transport.ToString(),
    };

    public static object Describe(Handshake handshake) => new
    {
        Query = handshake.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
        Auth = handshake.Auth.ValueKind == JsonValueKind.Undefined ? (JsonElement?)null : handshake.Auth,
    };
}
