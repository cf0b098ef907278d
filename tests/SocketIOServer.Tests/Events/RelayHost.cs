using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SocketIOServer.Tests.Events;

/// <summary>One host for each parser. What one half of its handlers takes they emit again as "y"; the other half takes what cannot carry binary.</summary>
public sealed class RelayHost : IAsyncLifetime
{
    public TestHost Json { get; private set; } = null!;

    public TestHost MessagePack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Json = await TestHost.StartAsync(Map);
        MessagePack = await TestHost.StartAsync(Map, options => options.Parser = PacketParser.MessagePack);
    }

    public async ValueTask DisposeAsync()
    {
        await Json.DisposeAsync();
        await MessagePack.DisposeAsync();
    }

    private static void Map(SocketEndpointBuilder io)
    {
        io.OnPing();
        io.On("node", (JsonNode? value, ISocket socket) => socket.EmitAsync("y", value))
            .On("nodes", (JsonNode?[] all, ISocket socket) => socket.EmitArgsAsync("y", all))
            .On("value", (JsonValue value, ISocket socket) => socket.EmitAsync("y", value))
            .On("object", (JsonObject value, ISocket socket) => socket.EmitAsync("y", value))
            .On("array", (JsonArray value, ISocket socket) => socket.EmitAsync("y", value))
            .On("map", (Dictionary<string, JsonNode?> value, ISocket socket) => socket.EmitAsync("y", value))
            .On("list", (List<JsonNode?> value, ISocket socket) => socket.EmitAsync("y", value))
            .On("record", (Box<JsonNode?> value, ISocket socket) => socket.EmitAsync("y", value))
            .On("recordOfObject", (Box<JsonObject?> value, ISocket socket) => socket.EmitAsync("y", value))
            .On("rest", (Rest<JsonObject> value, ISocket socket) => socket.EmitAsync("y", value.More))
            .On("restOrNothing", (Rest<JsonObject> value, byte[] bytes, ISocket socket) => socket.EmitAsync("y", value.More is null, bytes))
            .On("bytes", (byte[] value, ISocket socket) => socket.EmitAsync("y", value))
            .On("memory", (ReadOnlyMemory<byte> value, ISocket socket) => socket.EmitAsync("y", value))
            .On("stream", (Stream value, ISocket socket) => socket.EmitAsync("y", value));
        io.On("element", (JsonElement value) => value)
            .On("maybeElement", (JsonElement? value) => value)
            .On("elements", (JsonElement[] all) => all.Length)
            .On("elementList", (List<JsonElement> value) => value.Count)
            .On("elementMap", (Dictionary<string, JsonElement> value) => value.Count)
            .On("elementRecord", (Box<JsonElement> value) => value.Body)
            .On("elementRest", (Rest<Dictionary<string, JsonElement>> value) => value.More!.Count)
            .On("document", (JsonDocument value) => value.RootElement)
            .On("any", (object value) => value)
            .On("anyList", (List<object> value) => value.Count)
            .On("anyMap", (Dictionary<string, object> value) => value.Count)
            .On("anyRecord", (Box<object> value) => value.Body)
            .On("anyRest", (Rest<Dictionary<string, object>> value) => value.More!.Count)
            .On("head and bytes", (JsonElement head, byte[] body) => $"{head.GetRawText()} {Convert.ToHexString(body)}")
            .On("bytes and rest", (byte[] body, JsonElement[] rest) => $"{Convert.ToHexString(body)} {rest.Length}");
        io.Of<Strict>("/class");
    }

    public sealed record Box<T>(T Body);

    public sealed class Rest<T>
    {
        [JsonExtensionData]
        public T? More { get; set; }
    }

    public sealed class Strict : SocketController
    {
        [On("element")]
        public static string Element(JsonElement value) => value.GetRawText();

        [OnFallback]
        public static int Rest(JsonElement[] all) => all.Length;
    }
}
