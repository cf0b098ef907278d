#if (auth)
using System.Security.Claims;
#endif
using SocketIOServer;
using SocketIOServer.Testing;

public sealed class ChatTests
{
    [Fact]
    public async Task A_message_reaches_everyone()
    {
#if (auth)
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of<Chat>().Authorize());
        await using var ann = await host.ConnectAsync(user: User("Ann"));
        await using var bob = await host.ConnectAsync(user: User("Bob"));
#else
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of<Chat>());
        await using var ann = await host.ConnectAsync();
        await using var bob = await host.ConnectAsync();
#endif

        var connected = await ann.CallAsync<int>("say", "hello");

        Assert.Equal(2, connected);
        Assert.Equal("hello", (await bob.NextAsync("said")).Arguments.Get<string>(1));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task An_empty_message_is_refused()
    {
#if (auth)
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of<Chat>().Authorize());
        await using var ann = await host.ConnectAsync(user: User("Ann"));
#else
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of<Chat>());
        await using var ann = await host.ConnectAsync();
#endif

        var answer = await ann.CallAsync("say", "");

        Assert.Equal("Write 1 to 1000 characters.", answer.Get<System.Text.Json.JsonElement>(0).GetProperty("error").GetString());
        Assert.Empty(ann.Received.Where(received => received.Name == "said"));
    }
#if (auth)

    [Fact]
    public async Task A_client_that_has_not_signed_in_is_refused()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of<Chat>().Authorize());

        await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync());
    }

    private static ClaimsPrincipal User(string name) =>
        new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, name), new(ClaimTypes.Name, name)], "test"));
#endif
}
