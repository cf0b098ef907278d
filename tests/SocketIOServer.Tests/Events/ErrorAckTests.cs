using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>What a client that asked for an ack hears when its event came to nothing, and what the program hears.</summary>
public sealed class ErrorAckTests
{
    [Fact]
    public async Task An_AckException_is_the_ack_and_no_error()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"error":"no such room"}]""", await client.AskAsync("""421["refuse"]"""));
        Assert.Equal("""432["later"]""", await client.AskAsync("""422["refuse later"]"""));

        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task Without_an_ack_an_AckException_sends_nothing()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["refuse"]""");

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_are_answered_so()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"error":"invalid arguments"}]""", await client.AskAsync("""421["number","x"]"""));
    }

    [Fact]
    public async Task An_exception_is_answered_without_its_text()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"error":"failed"}]""", await client.AskAsync("""421["throw"]"""));

        Assert.Equal("secret", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    [Theory]
    [InlineData("""421["throw"]""")]
    [InlineData("""421["number","x"]""")]
    [InlineData("""421["unknown"]""")]
    [InlineData("""421["signed in"]""")]
    public async Task Without_AckErrors_only_handlers_answer(string packet)
    {
        await using var host = await StartAsync(options => options.AckErrors = false, io => io.On("signed in", [Authorize] () => 1), builder => builder.Services.AddAuthorization());
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync(packet);
        await client.AssertAliveAsync();

        Assert.Equal("""432[{"error":"no such room"}]""", await client.AskAsync("""422["refuse"]"""));
    }

    [Fact]
    public async Task OnError_is_told_of_each_exception_once()
    {
        var errors = new Inbox<EventError>();
        await using var host = await StartAsync(map: io => io
            .OnError(error =>
            {
                errors.Add(error);
                throw new InvalidOperationException("in OnError itself");
            })
            .OnError(error =>
            {
                errors.Add(error);
                return default;
            }));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["throw"]""");

        foreach (var error in await errors.NextAsync(2)) Assert.Equal(("throw", "secret"), (error.Event, error.Exception.Message));
        await client.AssertAliveAsync();
        Assert.Equal(["secret", "in OnError itself"], host.Log.Errors.Select(line => line.Exception!.Message));
    }

    [Fact]
    public async Task OnError_is_told_of_a_hook_too()
    {
        var errors = new Inbox<EventError>();
        await using var host = await StartAsync(map: io => io
            .OnConnected(void () => throw new InvalidOperationException("hook"))
            .OnError(error =>
            {
                errors.Add(error);
                return default;
            }));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("OnConnected", (await errors.NextAsync()).Event);
    }

    private static Task<TestHost> StartAsync(Action<SocketServerOptions>? options = null, Action<SocketNamespaceBuilder>? map = null, Action<WebApplicationBuilder>? build = null) =>
        TestHost.StartAsync(
            io =>
            {
                io.OnPing();
                io.On("refuse", string () => throw new AckException(new { error = "no such room" }))
                    .On("refuse later", async () =>
                    {
                        await Task.Yield();
                        throw new AckException("later");
                    })
                    .On("number", (int value) => value)
                    .On("throw", string () => throw new InvalidOperationException("secret"));
                map?.Invoke(io);
            },
            options,
            build);
}
