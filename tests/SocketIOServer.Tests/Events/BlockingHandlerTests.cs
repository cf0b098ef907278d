namespace SocketIOServer.Tests.Events;

/// <summary>A handler that holds its thread delays nobody but its own socket (seed 001).</summary>
public sealed class BlockingHandlerTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    [Fact]
    public async Task What_it_emits_first_arrives_before_it_ends_on_WebSocket()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""42["response","start"]""", await client.AskAsync("""42["job"]"""));
        _gate.Set();

        Assert.Equal("""42["response","processed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task What_it_emits_first_arrives_before_it_ends_on_polling()
    {
        await using var host = await StartAsync();
        var client = await PollingClient.JoinAsync(host);

        var post = client.PostAsync("""42["job"]""");
        Assert.Equal("""42["response","start"]""", await client.PollAsync());
        _gate.Set();

        Assert.Equal("""42["response","processed"]""", await client.PollAsync());
        Assert.Equal((200, "ok"), await post);
    }

    [Fact]
    public async Task Others_are_served_meanwhile()
    {
        await using var host = await StartAsync();
        await using var blocked = await SocketClient.JoinAsync(host);
        await using var other = await SocketClient.JoinAsync(host);

        await blocked.AskAsync("""42["job"]""");
        await other.AssertAliveAsync();
        await host.Io.EmitAsync("news");

        Assert.Equal("""42["news"]""", await other.ReadAsync());
        Assert.Equal("""42["news"]""", await blocked.ReadAsync());
        _gate.Set();
    }

    // It reads nothing meanwhile, so its client's silence says nothing.
    [Fact]
    public async Task The_heartbeat_does_not_end_it()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        await client.AskAsync("""42["job"]""");

        host.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("2", await client.ReadAsync());
        await client.SendAsync("3");
        _gate.Set();

        Assert.Equal("""42["response","processed"]""", await client.ReadAsync());
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(io => io
        .On("job", (ISocket socket) =>
        {
#pragma warning disable SIO002 // What these tests are about.
            socket.EmitAsync("response", "start").AsTask().Wait();
            _gate.Wait(TestHost.Patience);
            socket.EmitAsync("response", "processed").AsTask().Wait();
#pragma warning restore SIO002
        })
        .OnPing());
}
