namespace SocketIOServer.Tests;

/// <summary>What a client may make the server keep while a binary packet is on its way (ATTACKS A1 to A7).</summary>
public sealed class AttachmentLimitTests
{
    private const string Head = """451-["length",{"_placeholder":true,"num":0}]""";

    [Fact]
    public async Task An_attachment_that_does_not_come_in_time_closes_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync(Head);
        await FenceAsync(host);

        host.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task An_attachment_that_comes_in_time_ends_the_wait()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""451-7["length",{"_placeholder":true,"num":0}]""");
        await client.SendAsync([1, 2, 3]);
        Assert.Equal("437[3]", await client.ReadAsync());

        host.Time.Advance(TimeSpan.FromSeconds(20));

        await client.AssertAliveAsync();
    }

    // Another namespace that lets the client in meanwhile must not forgive it what it owes.
    [Fact]
    public async Task Joining_another_namespace_does_not_give_more_time()
    {
        var answer = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.Of("/slow").OnConnecting(() => answer.Task);
        });
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("40/slow,", Head);
        await FenceAsync(host);

        answer.SetResult();
        Assert.StartsWith("40/slow,", await client.ReadAsync(), StringComparison.Ordinal);
        host.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    // The other way round: what it still owed must not forgive a client that it is in no namespace any more.
    [Fact]
    public async Task An_attachment_that_comes_after_the_end_does_not_stop_the_connect_timeout()
    {
        await using var stage = await Stage.StartAsync(options: options => options.ConnectTimeout = TimeSpan.FromSeconds(10));
        var member = await stage.JoinAsync();
        await member.Client.SendAsync(Head);
        await FenceAsync(stage.Host);

        await member.Socket.DisconnectAsync();
        await member.Client.SendAsync([1]);
        Assert.Equal("41", await member.ReadAsync());
        Assert.StartsWith("44/nope,", await member.Client.AskAsync("40/nope,"), StringComparison.Ordinal);
        stage.Host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("closed 1000", await member.ReadAsync());
    }

    [Theory]
    [InlineData("450-[\"x\"]")]
    [InlineData("4511-[\"x\"]")]
    [InlineData("4599999999999-[\"x\"]")]
    [InlineData("451-[\"x\",{\"_placeholder\":true,\"num\":1}]")]
    [InlineData("451-[\"x\",{\"_placeholder\":true,\"num\":-1}]")]
    [InlineData("451-[\"x\",{\"_placeholder\":true,\"num\":0.5}]")]
    [InlineData("451-[\"x\",{\"_placeholder\":true}]")]
    public async Task A_head_that_promises_too_much_closes_the_connection(string head)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("closed 1000", await client.AskAsync(head));
    }

    [Fact]
    public async Task Text_in_the_middle_of_a_packet_closes_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync(Head);

        Assert.Equal("closed 1000", await client.AskAsync("""42["ping"]"""));
    }

    [Fact]
    public async Task Binary_without_a_head_closes_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync([1]);

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task A_packet_larger_than_MaxPacketBytes_closes_the_connection()
    {
        await using var host = await TestHost.StartAsync(io => io.On("length", (byte[] data) => data.Length), options => options.MaxPacketBytes = 100);
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""451-7["length",{"_placeholder":true,"num":0}]""");
        await client.SendAsync(new byte[50]);
        Assert.Equal("437[50]", await client.ReadAsync());

        await client.SendAsync(Head);
        await client.SendAsync(new byte[100]);

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task Json_deeper_than_MaxJsonDepth_closes_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        var allowed = new string('[', 63) + new string(']', 63);
        await client.SendAsync($"""42["x",{allowed}]""");
        await client.AssertAliveAsync();

        Assert.Equal("closed 1000", await client.AskAsync($"""42["x",[{allowed}]]"""));
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(io => io.On("length", (byte[] data) => data.Length).OnPing());

    // Nothing answers the head of a packet, but when the server has read it, a timer runs.
    private static Task FenceAsync(TestHost host) => host.Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));
}
