using System.Security.Claims;
using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.Tests;

/// <summary>The id of a user is the same wherever it is asked for.</summary>
public sealed class UserIdTests
{
    [Theory]
    [InlineData(ClaimTypes.NameIdentifier, "ann")]
    [InlineData("sub", "ann")]
    [InlineData("other", null)]
    public async Task By_default_it_is_the_name_identifier_or_an_unmapped_sub(string claim, string? id)
    {
        await using var host = await StartAsync(claim);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal($"430[{(id is null ? "null" : $"\"{id}\"")}]", await client.AskAsync("""420["who"]"""));
        Assert.Equal(id, Assert.Single(await host.Io.FetchSocketsAsync()).UserId);
    }

    [Fact]
    public async Task A_program_says_it_in_its_own_way()
    {
        await using var host = await StartAsync("other", options => options.UserId = user => "id of " + user.FindFirst("other")?.Value);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""430["id of ann"]""", await client.AskAsync("""420["who"]"""));
        Assert.Equal("id of ann", Assert.Single(await host.Io.FetchSocketsAsync()).UserId);
    }

    [Fact]
    public void It_must_be_there() => Assert.Throws<ArgumentNullException>(new SocketServerOptions { UserId = null! }.ValidateAll);

    private static Task<TestHost> StartAsync(string claim, Action<SocketServerOptions>? options = null) => TestHost.StartAsync(
        io => io.On("who", (ISocket socket) => socket.UserId),
        options,
        use: app => app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(claim, "ann")], "test"));
            return next(context);
        }));
}
