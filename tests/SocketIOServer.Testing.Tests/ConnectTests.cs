using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Testing.Tests;

/// <summary>Who comes in, and what the server knows of it.</summary>
public sealed class ConnectTests
{
    [Fact]
    public async Task A_refusal_has_its_message_and_data()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.OnConnecting(void () => throw new ConnectionRefusedException("full", new { seats = 3 })));

        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync());

        Assert.Equal(("full", 3), (refusal.Message, refusal.Payload.GetProperty("seats").GetInt32()));
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_refuses()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { });

        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync("/nowhere"));

        Assert.Equal(("Invalid namespace", "invalid_namespace"), (refusal.Message, refusal.Payload.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Limits_of_the_engine_refuse_too()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { }, options => options.MaxSessions = 1);
        await using var first = await host.ConnectAsync();

        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync());

        Assert.Equal("Service unavailable", refusal.Message);
    }

    [Fact]
    public async Task The_handshake_is_what_the_test_gave()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("who", (Handshake handshake) =>
            $"{handshake.Auth.GetProperty("token")} {handshake.Query["page"]} {handshake.Headers["X-Who"]} {handshake.Address} {handshake.Time.Year}"));
        await using var client = await host.ConnectAsync(auth: new { token = "t" }, query: "page=7", headers: new HeaderDictionary { ["X-Who"] = "me" });

        Assert.Equal("t 7 me 127.0.0.1 2000", await client.CallAsync<string>("who"));
    }

    [Fact]
    public async Task Auth_is_an_object()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { });

        await Assert.ThrowsAsync<ArgumentException>(() => host.ConnectAsync(auth: "secret"));
    }

    [Fact]
    public async Task Handlers_know_the_user()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("who", (ISocket socket, ClaimsPrincipal user) => $"{socket.UserId} {user.Identity!.Name}"));
        await using var client = await host.ConnectAsync(user: Ann());

        Assert.Equal("7 Ann", await client.CallAsync<string>("who"));
    }

    [Fact]
    public async Task Policies_let_in_and_keep_out()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of("/members").Authorize(), services: services => services.AddAuthorization());

        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync("/members"));
        await using var client = await host.ConnectAsync("/members", user: Ann());

        Assert.Equal("unauthorized", refusal.Message);
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Another_origin_is_refused()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { });

        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(
            () => host.ConnectAsync(headers: new HeaderDictionary { ["Origin"] = "https://evil.example" }));

        Assert.Equal("Forbidden", refusal.Message);
    }

    [Fact]
    public async Task What_OnConnecting_waits_for_may_be_the_clock()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.OnConnecting(async Task (TimeProvider time) => await Task.Delay(TimeSpan.FromMinutes(1), time)),
            options => options.ConnectTimeout = TimeSpan.FromMinutes(2));
        var connecting = host.ConnectAsync();

        Assert.False(connecting.IsCompleted);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        await using var client = await connecting;
        Assert.True(client.IsConnected);
    }

    private static ClaimsPrincipal Ann() => new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "7"), new(ClaimTypes.Name, "Ann")], "test"));
}
