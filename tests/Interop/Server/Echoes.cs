using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Interop.Server;

/// <summary>Values there and back: as they are, by type, and as what the server understood.</summary>
internal static class Echoes
{
    private static readonly byte[] One = [1, 2];
    private static readonly byte[] Two = [255];

    public static void Map(SocketNamespaceBuilder ns) => ns
        .On("echo", (JsonNode?[] args) => new AckArguments(args))
        .On("repeat", (JsonNode?[] args, ISocket socket) => socket.EmitArgsAsync("repeated", args))
        .On("repeat as", (JsonNode?[] args, ISocket socket) => socket.EmitArgsAsync(args[0]!.GetValue<string>(), args.AsSpan(1)))
        .On("JSON of", (JsonElement value) => value.GetRawText())
        .On("value of", (string json) => JsonNode.Parse(json))
        .On("day after", (DateTime date) => date.AddDays(1))
        .On("units of", (string text) => text.Select(unit => (int)unit).ToArray())
        .On("text of", (int[] units) => TextOf(units))
        .On("tell text of", (int[] units, ISocket socket) => socket.EmitAsync("text", TextOf(units)))
        .On("größe/大小", (int size, ISocket socket) => socket.EmitAsync("größe/大小", size + 1))
        .On("typed", (string text, int whole, double part, bool flag, Item item) =>
            (string.Create(CultureInfo.InvariantCulture, $"{text} {whole} {part} {(flag ? "true" : "false")}"), item))
        .On("hex of", (byte[] bytes) => Convert.ToHexStringLower(bytes))
        .On("bytes of", (string hex) => Convert.FromHexString(hex))
        .On("tell bytes of", (string hex, ISocket socket) => socket.EmitAsync("bytes", Convert.FromHexString(hex)))
        .On("tell parcel", (ISocket socket) =>
            socket.EmitAsync("parcel", "parcel", new Parcel("für dich", One, [One, Two], new Inner(Two))))
        .On("nothing", () => { })
        .On("who am I", (ISocket socket) => Connecting.Describe(socket))
        .On("handshake", (ISocket socket) => Connecting.Describe(socket.Handshake));

    private static string TextOf(int[] units) => new([.. units.Select(unit => (char)unit)]);

    private sealed record Item(string Name, int Count, string[] Tags);

    private sealed record Parcel(string Label, byte[] Body, byte[][] Parts, Inner Inner);

    private sealed record Inner(byte[] Body);
}
