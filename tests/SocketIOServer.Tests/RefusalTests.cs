namespace SocketIOServer.Tests;

/// <summary>OnConnecting: who may come in, and what the others are told.</summary>
public sealed class RefusalTests
{
    private static readonly object Data = new { retry = false };

    [Theory]
    [InlineData("40", """44{"message":"go away","data":{"code":"connection_refused"}}""")]
    [InlineData("40/data,", """44/data,{"message":"go away","data":{"retry":false}}""")]
    public async Task A_new_client_is_told_the_message_and_the_data(string connect, string reply)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal(reply, await client.AskAsync(connect));
        Assert.Empty(host.Log.Errors);
    }

    [Theory]
    [InlineData("40/text", "44/text,\"go away\"")]
    [InlineData("40/data", """44/data,{"retry":false}""")]
    public async Task An_old_client_is_told_the_data_alone_or_the_message_as_a_string(string connect, string reply)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host, eio: 3);

        Assert.Equal("44\"go away\"", await client.ReadAsync());
        Assert.Equal(reply, await client.AskAsync(connect));
    }

    [Fact]
    public async Task The_text_of_another_exception_stays_here_and_is_logged_once()
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnecting(void () => throw new InvalidOperationException("the password is x")));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("""44{"message":"Connection refused","data":{"code":"failed"}}""", await client.AskAsync("40"));
        Assert.Equal("the password is x", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    [Fact]
    public async Task A_refused_client_may_try_again()
    {
        var attempts = 0;
        await using var host = await TestHost.StartAsync(io => io
            .OnConnecting(async () =>
            {
                await Task.Yield();
                if (++attempts == 1) throw new ConnectionRefusedException("not yet");
            })
            .OnPing());
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("""44{"message":"not yet","data":{"code":"connection_refused"}}""", await client.AskAsync("40"));
        Wire.IdOf(await client.AskAsync("40"));
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task The_first_of_several_handlers_that_refuses_is_the_last_to_run()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OnConnecting(() => notes.Add("first"))
            .OnConnecting(void () => throw new ConnectionRefusedException("second"))
            .OnConnecting(() => notes.Add("third"))
            .OnConnected(() => notes.Add("connected"))
            .OnDisconnected(() => notes.Add("disconnected")));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("""44{"message":"second","data":{"code":"connection_refused"}}""", await client.AskAsync("40"));
        Assert.Equal("first", await notes.NextAsync());
        Assert.True(notes.IsEmpty);
    }

    [Fact]
    public async Task An_event_for_a_namespace_that_refused_closes_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);
        await client.AskAsync("40");

        Assert.Equal("closed 1000", await client.AskAsync("""42["x"]"""));
    }

    [Fact]
    public async Task Rooms_joined_before_the_refusal_are_left()
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnecting(async (ISocket socket) =>
        {
            await socket.JoinAsync("a", "b");
            throw new ConnectionRefusedException("no");
        }));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("""44{"message":"no","data":{"code":"connection_refused"}}""", await client.AskAsync("40"));

        Assert.Empty(await host.Io.RoomsAsync());
        Assert.Equal(0, await host.Io.CountAsync());
    }

    [Fact]
    public async Task Data_that_cannot_be_serialised_refuses_nevertheless()
    {
        var cyclic = new List<object>();
        cyclic.Add(cyclic);
        await using var host = await TestHost.StartAsync(io => io.OnConnecting(void () => throw new ConnectionRefusedException("no", cyclic)));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.StartsWith("""44{"message":""", await client.AskAsync("40").Soon(), StringComparison.Ordinal);
        Assert.Single(host.Log.Errors);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(io =>
    {
        io.OnConnecting(void () => throw new ConnectionRefusedException("go away"));
        io.Of("/text").OnConnecting(void () => throw new ConnectionRefusedException("go away"));
        io.Of("/data").OnConnecting(async () =>
        {
            await Task.Yield();
            throw new ConnectionRefusedException("go away", Data);
        });
    });
}
