namespace SocketIOServer.Testing.Tests;

/// <summary>A packet with more attachments than the real client accepts does not pass a test.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public async Task Ten_attachments_arrive()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        Assert.Equal(10, (await client.CallAsync<byte[][]>("open", 10)).Length);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task The_client_refuses_an_ack_with_eleven_and_says_why()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => client.CallAsync<byte[][]>("open", 11));

        Assert.Equal(LeaveReason.ParseError, error.Reason);
        Assert.Contains("more than 10 binary attachments", error.Message, StringComparison.Ordinal);
        Assert.Contains("maxAttachments", error.Message, StringComparison.Ordinal);
        Assert.Equal(LeaveReason.ParseError, await client.DisconnectedAsync());
        Assert.Contains("more than 10 binary attachments", Assert.Single(host.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_refuses_an_event_with_eleven_and_the_server_sees_a_lost_connection()
    {
        var left = new TaskCompletionSource<LeaveReason>();
        await using var host = await StartAsync(left);
        await using var client = await host.ConnectAsync();

        await client.EmitAsync("draw", 11);

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => client.NextAsync("strokes"));
        Assert.Contains("more than 10 binary attachments", error.Message, StringComparison.Ordinal);
        Assert.Equal(LeaveReason.TransportClose, await left.Task.WaitAsync(host.Timeout, TestContext.Current.CancellationToken));
        error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => client.EmitAsync("draw", 1));
        Assert.Contains("more than 10 binary attachments", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_connected_with_a_larger_number_accepts_more()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync(maxAttachments: 30);

        Assert.Equal(30, (await client.CallAsync<byte[][]>("open", 30)).Length);
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => client.CallAsync<byte[][]>("open", 31));
    }

    [Fact]
    public async Task MessagePack_has_no_such_limit()
    {
        await using var host = await StartAsync(options: options => options.Parser = PacketParser.MessagePack);
        await using var client = await host.ConnectAsync();

        Assert.Equal(30, (await client.CallAsync<byte[][]>("open", 30)).Length);
    }

    [Fact]
    public async Task A_fake_socket_takes_any_number()
    {
        var fake = new FakeSocket();
        ISocket socket = fake;

        await socket.EmitAsync("strokes", Strokes(30));

        Assert.True(fake.IsConnected);
        Assert.Single(fake.Emitted);
    }

    private static byte[][] Strokes(int count) => [.. Enumerable.Range(0, count).Select(i => new[] { (byte)i })];

    private static Task<SocketIOTestHost> StartAsync(TaskCompletionSource<LeaveReason>? left = null, Action<SocketServerOptions>? options = null) => SocketIOTestHost.StartAsync(
        io => io
            .On("open", (int count) => Strokes(count))
            .On("draw", (int count, ISocket socket) => socket.EmitAsync("strokes", Strokes(count)))
            .OnDisconnected((LeaveReason reason) => { left?.TrySetResult(reason); }),
        options);
}
