#if (auth)
using System.Security.Claims;
#endif
using System.Text.Json;
#if (auth)
using Microsoft.Extensions.DependencyInjection;
#endif
using SocketIOServer;
using SocketIOServer.Testing;

public sealed class ChatTests
{
    [Fact]
    public async Task A_message_reaches_everyone()
    {
        await using var host = await StartAsync();
        await using var ann = await ConnectAsync(host, "Ann");
        await using var bob = await ConnectAsync(host, "Bob");

        var connected = await ann.CallAsync<int>("say", "hello");

        Assert.Equal(2, connected);
        Assert.Equal("hello", (await bob.NextAsync("said")).Arguments.Get<string>(1));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task An_empty_message_is_refused()
    {
        await using var host = await StartAsync();
        await using var ann = await ConnectAsync(host, "Ann");

        var answer = await ann.CallAsync<JsonElement>("say", "");

        Assert.Equal("Write 1 to 1000 characters.", answer.GetProperty("error").GetString());
        Assert.DoesNotContain(ann.Received, received => received.Name == "said");
    }

#if (auth)
    [Fact]
    public async Task A_client_that_has_not_signed_in_is_refused()
    {
        await using var host = await StartAsync();

        await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync());
    }

    private static Task<SocketIOTestHost> StartAsync() =>
        SocketIOTestHost.StartAsync(io => io.Of<Chat>().Authorize(), services: services => services.AddAuthorization());

    private static Task<SocketIOTestClient> ConnectAsync(SocketIOTestHost host, string name) =>
        host.ConnectAsync(user: new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, name), new(ClaimTypes.Name, name)], "test")));
#else
    private static Task<SocketIOTestHost> StartAsync() => SocketIOTestHost.StartAsync(io => io.Of<Chat>());

    private static Task<SocketIOTestClient> ConnectAsync(SocketIOTestHost host, string name) => host.ConnectAsync(auth: new { name });
#endif
}
