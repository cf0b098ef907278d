using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>One host for all tables of arguments; what a handler was given comes back as its ack.</summary>
public sealed class BindingHost : IAsyncLifetime
{
    public TestHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await TestHost.StartAsync(Map, build: builder => builder.Services.AddSingleton(new Greeter("hello")));

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private static void Map(SocketEndpointBuilder io)
    {
        io.OnPing();
        io.On("none", () => "none")
            .On("string", (string value) => value)
            .On("int", (int value) => value)
            .On("long", (long value) => value)
            .On("double", (double value) => value)
            .On("bool", (bool value) => value)
            .On("record", (Person value) => value)
            .On("array", (int[] value) => value.Sum())
            .On("list", (List<string> value) => string.Join("+", value))
            .On("map", (Dictionary<string, int> value) => value["a"])
            .On("sequence", (IEnumerable<int> value) => value.Sum())
            .On("enum", (DayOfWeek value) => (int)value)
            .On("two", (string first, int second) => (second, first));
        io.On("element", (JsonElement value) => value)
            .On("elements", (JsonElement[] all) => new AckArguments([all.Length, .. all]))
            .On("node", (JsonNode? value) => value)
            .On("nodes", (JsonNode?[] all) => new AckArguments([.. all]))
            .On("nullable", (int? value) => value ?? -1)
            .On("maybe", (string? value) => value ?? "nothing")
            .On("default", (int first, int second = 5, string third = "x") => (first, second, third))
            .On("bytes", (byte[] value) => Convert.ToHexString(value))
            .On("stream", (Stream value) => $"{value.Length} {value.ReadByte()}")
            .On("memory", (ReadOnlyMemory<byte> value) => Convert.ToHexString(value.Span))
            .On("file", (Upload value) => $"{value.Name} {Convert.ToHexString(value.Content)}")
            .On("mixed", (Greeter greeter, string name, ISocket socket, int times) => $"{greeter.Word} {name} {times} {socket.Namespace}");
    }

    public sealed record Person(string Name, int Age);

    public sealed record Upload(string Name, byte[] Content);

    public sealed record Greeter(string Word);
}
