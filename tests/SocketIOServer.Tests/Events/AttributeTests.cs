using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>Parameters that say by an attribute where they come from.</summary>
public sealed class AttributeTests
{
    [Theory]
    [InlineData("""40{"name":"Ann","level":3}""", "Ann 3")]
    [InlineData("40", "nobody")]
    public async Task FromAuth_is_what_the_client_sent_as_auth(string connect, string login)
    {
        var seen = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OnConnecting(([FromAuth] Login? login) => seen.Add(login is null ? "nobody" : $"{login.Name} {login.Level}"))
            .On("who", ([FromAuth] Login? login, string greeting) => $"{greeting} {login?.Name}"));
        await using var client = await SocketClient.ConnectAsync(host);

        await client.AskAsync(connect);

        Assert.Equal(login, await seen.NextAsync());
        Assert.Equal($"431[\"hi {(login == "nobody" ? "" : "Ann")}\"]", await client.AskAsync("""421["who","hi"]"""));
    }

    [Theory]
    [InlineData("40")]
    [InlineData("""40{"name":5}""")]
    [InlineData("""40{"level":"x"}""")]
    public async Task Auth_that_does_not_fit_refuses_the_client_and_is_no_error(string connect)
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnecting(([FromAuth] Login login) => login.Name.Length));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("""44{"message":"Connection refused","data":{"code":"invalid_arguments"}}""", await client.AskAsync(connect));

        Assert.Empty(host.Log.Errors);
        Assert.Contains(host.Log.Lines, line => line.Id.Id == 8 && line.Text.Contains("\"login\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_are_found_by_attribute_and_key()
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("e", ([FromServices] Word word, [FromKeyedServices("loud")] Word loud, [FromKeyedServices("none")] Word? none, int number) =>
                $"{word.Text} {loud.Text} {none is null} {number}"),
            build: builder => builder.Services.AddSingleton(new Word("hello")).AddKeyedSingleton("loud", new Word("HELLO")));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["hello HELLO True 5"]""", await client.AskAsync("""421["e",5]"""));
    }

    [Fact]
    public async Task EventName_is_the_name()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            string Handle([EventName] string name, string text) => $"{name}: {text}";
            io.On("a", Handle).On("b", Handle);
        });
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["a: x"]""", await client.AskAsync("""421["a","x"]"""));
        Assert.Equal("""432["b: y"]""", await client.AskAsync("""422["b","y"]"""));
    }

    public sealed record Login(string Name, int Level);

    public sealed record Word(string Text);
}
