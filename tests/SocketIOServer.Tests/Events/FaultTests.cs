namespace SocketIOServer.Tests.Events;

/// <summary>What a handler throws is logged once, stays here, and ends nothing (ATTACKS A75).</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("now")]
    [InlineData("later")]
    [InlineData("ack")]
    [InlineData("deep")]
    public async Task An_event_handler_that_throws_is_logged_once_and_answered_without_its_text(string name)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"error":"failed"}]""", await client.AskAsync($"""421["{name}"]"""));
        await client.AssertAliveAsync();

        var line = Assert.Single(host.Log.Errors);
        Assert.Equal(21, line.Id.Id);
        Assert.Contains($"\"{name}\"", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OnConnected")]
    [InlineData("OnDisconnecting")]
    [InlineData("OnDisconnected")]
    public async Task A_hook_that_throws_is_logged_once_and_the_others_run(string hook)
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io =>
        {
            void Fail() => throw new InvalidOperationException("no");
            if (hook == "OnConnected") io.OnConnected(Fail);
            if (hook == "OnDisconnecting") io.OnDisconnecting(Fail);
            if (hook == "OnDisconnected") io.OnDisconnected(Fail);
            io.OnPing().OnConnected(() => notes.Add("connected")).OnDisconnected(() => notes.Add("disconnected"));
        });
        await using var client = await SocketClient.JoinAsync(host);

        await client.AssertAliveAsync();
        await client.CloseAsync();

        Assert.Equal(["connected", "disconnected"], await notes.NextAsync(2));
        Assert.Equal("no", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    [Fact]
    public async Task A_handler_that_stops_because_its_client_has_gone_is_no_error()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .On("wait", async (CancellationToken gone) =>
            {
                notes.Add("waits");
                await Task.Delay(Timeout.Infinite, gone);
            })
            .On("call", (ISocket socket) => socket.CallAsync<int>("question"))
            .OnDisconnected(() => notes.Add("disconnected")));
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""42["wait"]""", """42["call"]""");
        await notes.NextAsync();

        await client.CloseAsync();

        Assert.Equal("disconnected", await notes.NextAsync());
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task A_cancellation_of_its_own_is_an_error_like_any_other()
    {
        await using var host = await TestHost.StartAsync(io => io.On("e", void () => throw new OperationCanceledException("mine")).OnPing());
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["e"]""");
        await client.AssertAliveAsync();

        Assert.Equal("mine", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    [Fact]
    public async Task An_exception_in_one_handler_does_not_stop_those_that_are_queued()
    {
        var gate = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(io => io
            .On("fail", async () =>
            {
                await gate.Task;
                throw new InvalidOperationException("no");
            })
            .OnPing());
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["fail"]""", """422["ping"]""");
        gate.SetResult();

        Assert.Equal("""432["pong"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_in_the_log_has_no_line_break_of_the_client()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        await client.AskAsync("40/a\r\nfake: line,");

        Assert.DoesNotContain(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Text.Contains('\n'));
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(io => io
        .On("now", void () => throw new InvalidOperationException("secret"))
        .On("later", async Task<string> () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("secret");
        })
        .On("ack", () => typeof(string))
        .On("deep", () =>
        {
            var list = new List<object>();
            list.Add(list);
            return list;
        })
        .OnPing());
}
