using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Tests.Emits;

/// <summary>The declared type of what is emitted counts where it is polymorphic: what tells its derived types apart is part of the value.</summary>
public sealed class PolymorphicEmitTests
{
    private const string Round = """{"$type":"circle","radius":2,"name":"c"}""";
    private const string Plain = """{"radius":2,"name":"c"}""";

    [Fact]
    public async Task An_emit_keeps_what_tells_the_type()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        Shape circle = new Circle("c", 2);
        IShape shape = new Circle("c", 2);

        await member.Socket.EmitAsync("a", circle);
        await member.Socket.EmitAsync("b", 1, circle);
        await member.Socket.EmitAsync("c", 1, shape, circle);
        await member.Socket.Compress(false).EmitAsync("d", circle);
        await member.Socket.SendAsync(circle);
        await stage.Io.EmitAsync("e", circle);
        await stage.Io.To(member.Id).EmitAsync("f", circle, shape);
        await stage.Io.EmitAsync("g", (Shape[])[circle]);

        Assert.Equal(
            [
                $"""42["a",{Round}]""", $"""42["b",1,{Round}]""", $$"""42["c",1,{"is":"round","radius":2,"name":"c"},{{Round}}]""", $"""42["d",{Round}]""",
                $"""42["message",{Round}]""", $"""42["e",{Round}]""", $$"""42["f",{{Round}},{"is":"round","radius":2,"name":"c"}]""", $"""42["g",[{Round}]]""",
            ],
            await member.DrainAsync());
    }

    [Fact]
    public async Task What_is_declared_as_no_such_type_is_written_as_what_it_is()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var circle = new Circle("c", 2);

        await member.Socket.EmitAsync("a", circle);
        await member.Socket.EmitAsync("b", (object)circle);
        await member.Socket.EmitArgsAsync("c", [circle]);
        await member.Socket.EmitAsync("d", (Base)new Derived(1, 2));
        await member.Socket.EmitAsync("e", (IComparable)5);

        Assert.Equal(
            [$"""42["a",{Plain}]""", $"""42["b",{Plain}]""", $"""42["c",{Plain}]""", """42["d",{"more":2,"one":1}]""", """42["e",5]"""], await member.DrainAsync());
    }

    [Theory]
    [InlineData("value")]
    [InlineData("task")]
    [InlineData("waited")]
    [InlineData("valueTask")]
    public async Task An_ack_keeps_it(string name)
    {
        await using var host = await TestHost.StartAsync(Map);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal($"431[{Round}]", await client.AskAsync($"""421["{name}"]"""));
        Assert.Equal($"432[1,{Round},2,3,4,5,6,7,{Round}]", await client.AskAsync("""422["tuple"]"""));
    }

    // A filter has the result in its hands, as an object.
    [Fact]
    public async Task An_ack_that_went_through_filters_keeps_it()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.AddFilter<Pass>();
            Map(io);
        });
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal($"431[{Round}]", await client.AskAsync("""421["value"]"""));
        Assert.Equal($"432[{Round}]", await client.AskAsync("""422["waited"]"""));
        Assert.Equal($"433[1,{Round},2,3,4,5,6,7,{Round}]", await client.AskAsync("""423["tuple"]"""));
    }

    [Fact]
    public async Task A_resolver_may_say_it_too()
    {
        await using var stage = await Stage.StartAsync(options: options => options.Json.TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type =>
                {
                    if (type.Type == typeof(Base)) type.PolymorphismOptions = new() { DerivedTypes = { new(typeof(Derived), 7) }, TypeDiscriminatorPropertyName = "kind" };
                },
            },
        });
        var member = await stage.JoinAsync();

        await member.Socket.EmitAsync<Base>("a", new Derived(1, 2));

        Assert.Equal("""42["a",{"kind":7,"more":2,"one":1}]""", await member.ReadAsync());
    }

    [Fact]
    public async Task MessagePack_keeps_it()
    {
        await using var host = await TestHost.StartAsync(Map, options => options.Parser = PacketParser.MessagePack);
        await using var client = await SocketClient.ConnectAsync(host);
        await client.AskBytesAsync("82 a474797065 00 a36e7370 a12f");

        // {type:2,nsp:"/",id:1,data:["value"]}
        var answer = await client.AskBytesAsync("84 a474797065 02 a36e7370 a12f a26964 01 a464617461 91 a576616c7565");

        Assert.Contains(Convert.ToHexStringLower("$type"u8) + "a6" + Convert.ToHexStringLower("circle"u8), answer, StringComparison.Ordinal);
    }

    private static void Map(SocketEndpointBuilder io) => io
        .On("value", Shape () => new Circle("c", 2))
        .On("task", () => Task.FromResult<Shape>(new Circle("c", 2)))
        .On("valueTask", () => new ValueTask<Shape>(new Circle("c", 2)))
        .On("waited", async Task<Shape> () =>
        {
            await Task.Yield();
            return new Circle("c", 2);
        })
        .On("tuple", (int, Shape, int, int, int, int, int, int, Shape) () => (1, new Circle("c", 2), 2, 3, 4, 5, 6, 7, new Circle("c", 2)));

    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape(string Name);

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
    [JsonDerivedType(typeof(Circle), "round")]
    public interface IShape;

    public sealed record Circle(string Name, int Radius) : Shape(Name), IShape;

    public record Base(int One);

    public sealed record Derived(int One, int More) : Base(One);

    public sealed class Pass : IEventFilter
    {
        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next) => next(context);
    }
}
