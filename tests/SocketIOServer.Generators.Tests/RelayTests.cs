namespace SocketIOServer.Generators.Tests;

public sealed class RelayTests
{
    private const string Json = "global using System.Text.Json; global using System.Text.Json.Nodes; global using System.Collections.Generic;";

    [Theory]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.EmitAsync("b", [|body|]));""")]
    [InlineData("""io.On("a", (JsonElement? body, ISocket socket) => socket.EmitAsync("b", 1, [|body|]));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.Everyone.To("room").SendAsync([|body|]));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocketServer server) => server.SendAsync([|body|]));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.CallAsync<int>("b", [|body|]));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.EmitAsync("b", [|body|].GetProperty("c")));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.EmitAsync("b", new { [|body|] }));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.EmitAsync("b", new Note([|body|]))); record Note(JsonElement Body);""")]
    [InlineData("""io.On("a", (JsonElement[] all, ISocket socket) => socket.EmitAsync("b", [|all|][0]));""")]
    [InlineData("""io.On("a", (JsonElement[] all, ISocket socket) => socket.EmitArgsAsync("b", [.. [|all|]]));""")]
    [InlineData("""io.On("a", (JsonElement[] all, ISocket socket) => socket.EmitArgsAsync("b", [|all|].Skip(1).Cast<object?>().ToArray()));""")]
    [InlineData("""io.OnAny((string name, JsonElement[] all, ISocket socket) => socket.EmitAsync(name, [|all|]));""")]
    [InlineData("""io.OnFallback(async (string name, JsonElement[] all, ISocket socket) => { await socket.EmitAsync(name, [|all|]); });""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => Task.Run(() => socket.EmitAsync("b", [|body|])));""")]
    [InlineData("""io.On("a", Relay); static ValueTask Relay(JsonElement body, ISocket socket) => socket.EmitAsync("b", [|body|]);""")]
    [InlineData("""class Lobby : SocketController { [On("a")] public ValueTask Relay(JsonElement body) => Socket.EmitAsync("b", [|body|]); }""")]
    [InlineData("""class Lobby : SocketController { [OnFallback] public ValueTask Relay(JsonElement[] all) => Socket.EmitAsync("b", [|all|]); }""")]
    public Task A_JsonElement_that_is_passed_on_is_found(string code) => Slips.AreFoundAsync("SIO011", code, "JsonNode", usings: Json);

    [Theory]
    [InlineData("""io.On("a", (JsonNode? body, ISocket socket) => socket.EmitAsync("b", body));""")]
    [InlineData("""io.On("a", (JsonNode?[] all, ISocket socket) => socket.EmitArgsAsync("b", all));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.EmitAsync("b", body.GetProperty("c").GetString()));""")]
    [InlineData("""io.On("a", (JsonElement body, ISocket socket) => socket.EmitAsync("b", body.Deserialize<int[]>()));""")]
    [InlineData("""io.On("a", (JsonElement[] all, ISocket socket) => socket.EmitAsync("b", all.Length, all.Count() > 1));""")]
    [InlineData("""io.On("a", (JsonElement[] all, ISocket socket) => socket.EmitAsync("b", all.Select(each => each.GetInt32()).ToArray()));""")]
    [InlineData("""io.On("a", (JsonElement body) => body.GetRawText());""")]
    [InlineData("""static ValueTask Tell(JsonElement body, ISocketServer server) => server.EmitAsync("b", body); _ = (Func<JsonElement, ISocketServer, ValueTask>)Tell;""")]
    [InlineData("""class Teller(ISocketServer server) { public ValueTask Tell(JsonElement body) => server.EmitAsync("b", body); }""")]
    public Task What_carries_binary_or_was_read_is_right(string code) => Slips.AreFoundAsync("", code, usings: Json);

    [Fact]
    public Task All_arguments_are_taken_as_an_array_of_nodes() =>
        Slips.AreFoundAsync("SIO011", """io.On("a", (JsonElement[] all, ISocket socket) => socket.EmitAsync("b", [|all|]));""", "take JsonNode?[]", usings: Json);
}
