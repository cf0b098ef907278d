using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>The builder's calls chain in any order, and conventions belong to the endpoint.</summary>
public sealed class BuilderTests
{
    [Fact]
    public async Task Each_call_declares_for_the_namespace_that_was_named_last()
    {
        await using var host = await TestHost.StartAsync(io => io
            .On("who", () => "root")
            .Of("/a").On("who", () => "a")
            .OfAny(name => name.StartsWith("/game-", StringComparison.Ordinal)).On("who", () => "game")
            .Of<Named>().On("more", () => "more of the class")
            .Of("a").On("more", () => "more of a"));
        await using var client = await SocketClient.ConnectAsync(host);
        foreach (var name in (string[])["", "/a,", "/game-7,", "/named,"]) await client.AskAsync("40" + name);

        Assert.Equal("""431["root"]""", await client.AskAsync("""421["who"]"""));
        Assert.Equal("""43/a,1["a"]""", await client.AskAsync("""42/a,1["who"]"""));
        Assert.Equal("""43/a,2["more of a"]""", await client.AskAsync("""42/a,2["more"]"""));
        Assert.Equal("""43/game-7,1["game"]""", await client.AskAsync("""42/game-7,1["who"]"""));
        Assert.Equal("""43/named,1["class"]""", await client.AskAsync("""42/named,1["who"]"""));
        Assert.Equal("""43/named,2["more of the class"]""", await client.AskAsync("""42/named,2["more"]"""));
    }

    [Fact]
    public async Task Conventions_stand_anywhere_among_the_declarations_of_the_endpoint()
    {
        var marks = new object[] { new Mark("first"), new Mark("second") };
        await using var host = await TestHost.StartAsync(io => io
            .WithMetadata(marks[0])
            .On("a", () => 1)
            .OnConnected(() => { })
            .OnError(_ => default)
            .WithMetadata(marks[1])
            .On("b", () => 2)
            .Of("/x").On("c", () => 3));

        var endpoint = Assert.Single(host.Services.GetRequiredService<EndpointDataSource>().Endpoints, endpoint => endpoint.Metadata.GetMetadata<Mark>() is not null);

        Assert.Equal(marks, endpoint.Metadata.OfType<Mark>());
    }

    internal sealed record Mark(string Name);

    [Namespace("/named")]
    internal sealed class Named : SocketController
    {
        [On("who")]
        public static string Who() => "class";
    }
}
