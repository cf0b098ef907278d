using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Tests.Events;

/// <summary>What a type says of null is true in the handler, whatever the client sends.</summary>
public sealed class NullabilityTests
{
    private const string Invalid = """431[{"error":"invalid arguments"}]""";

    [Theory]
    [InlineData("""["person",{}]""")]
    [InlineData("""["person",{"name":null,"age":1}]""")]
    [InlineData("""["person",{"name":"Ann"}]""")]
    [InlineData("""["person",null]""")]
    [InlineData("""["text",null]""")]
    [InlineData("""["text"]""")]
    [InlineData("""["class",{"name":null}]""")]
    [InlineData("""["required",{}]""")]
    [InlineData("""["nested",{"inner":{}}]""")]
    [InlineData("""["list",[{}]]""")]
    [InlineData("""["map",{"a":{}}]""")]
    [InlineData("""["struct",{}]""")]
    [InlineData("""["struct",{"name":null}]""")]
    [InlineData("""["struct?",{}]""")]
    [InlineData("""["struct in record",{"inner":{}}]""")]
    public async Task Null_and_nothing_are_invalid_where_the_type_excludes_them(string call)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(Invalid, await client.AskAsync("421" + call));
        Assert.Empty(host.Log.Errors);
    }

    [Theory]
    [InlineData("""["person",{"name":"Ann","age":1}]""", "[\"Ann\"]")]
    [InlineData("""["maybe",null]""", "[\"nothing\"]")]
    [InlineData("""["maybe"]""", "[\"nothing\"]")]
    [InlineData("""["nullable",{}]""", "[\"nobody\"]")]
    [InlineData("""["nullable",{"name":null,"age":null}]""", "[\"nobody\"]")]
    [InlineData("""["class",{}]""", "[\"default\"]")]
    [InlineData("""["required",{"name":null}]""", "[\"nobody\"]")]
    [InlineData("""["elements",[null,"a"]]""", "[2]")]
    [InlineData("""["struct",{"name":"Ann"}]""", "[\"Ann\"]")]
    [InlineData("""["struct?",null]""", "[\"nobody\"]")]
    [InlineData("""["struct?",{"name":"Ann"}]""", "[\"Ann\"]")]
    [InlineData("""["struct of a constructor",{}]""", "[\"default\"]")]
    public async Task What_the_type_allows_is_taken(string call, string answer)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("431" + answer, await client.AskAsync("421" + call));
    }

    [Fact]
    public async Task What_the_program_sends_may_have_a_null_that_its_type_excludes()
    {
        await using var host = await TestHost.StartAsync(io => io.On("send", () => new Person(null!, 1)));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"name":null,"age":1}]""", await client.AskAsync("""421["send"]"""));
    }

    [Theory]
    [InlineData("""["person",{}]""", "[null]")]
    [InlineData("""["nullable",{}]""", "[\"nobody\"]")]
    public async Task Options_of_the_program_are_taken_as_they_are(string call, string answer)
    {
        await using var host = await StartAsync(options => options.Json = new(JsonSerializerDefaults.Web));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("431" + answer, await client.AskAsync("421" + call));
    }

    [Fact]
    public async Task Strict_options_of_the_program_stay_strict()
    {
        await using var host = await StartAsync(options => options.Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true });
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(Invalid, await client.AskAsync("""421["nullable",{}]"""));
    }

    [Fact]
    public async Task Metadata_that_was_generated_knows_nullability_too()
    {
        await using var host = await StartAsync(options => options.Json.TypeInfoResolver = JsonTypeInfoResolver.Combine(Names.Default, new DefaultJsonTypeInfoResolver()));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(Invalid, await client.AskAsync("""421["person",{"age":1}]"""));
        Assert.Equal("""432["nobody"]""", await client.AskAsync("""422["nullable",{}]"""));
    }

    private static Task<TestHost> StartAsync(Action<SocketServerOptions>? options = null) => TestHost.StartAsync(
        io => io
            .On("person", (Person person) => person.Name)
            .On("text", (string text) => text.Length)
            .On("maybe", (string? text) => text ?? "nothing")
            .On("nullable", (Nullable person) => person.Name ?? "nobody")
            .On("class", (Settings settings) => settings.Name)
            .On("required", (Required required) => required.Name ?? "nobody")
            .On("nested", (Outer outer) => outer.Inner.Name)
            .On("list", (List<Person> people) => people[0].Name)
            .On("struct", (Point point) => point.Name)
            .On("struct?", (Point? point) => point?.Name ?? "nobody")
            .On("struct in record", (OuterStruct outer) => outer.Inner.Name)
            .On("struct of a constructor", (Made made) => made.Name)
            .On("map", (Dictionary<string, Person> people) => people["a"].Name)
            // System.Text.Json knows nothing of the nullability of elements.
            .On("elements", (List<string> names) => names.Count),
        options);

    internal sealed record Person(string Name, int Age);

    internal sealed record Nullable(string? Name, int? Age);

    internal sealed record Outer(Person Inner);

    internal readonly record struct Point(string Name, string? Note, int Number);

    internal sealed record OuterStruct(Point Inner, Point? Other);

    internal struct Made()
    {
        public string Name { get; set; } = "default";
    }

    internal sealed class Settings
    {
        public string Name { get; set; } = "default";
    }

    internal sealed class Required
    {
        public required string? Name { get; init; }
    }
}

[JsonSerializable(typeof(NullabilityTests.Person))]
[JsonSerializable(typeof(NullabilityTests.Nullable))]
internal sealed partial class Names : JsonSerializerContext;
