namespace SocketIOServer.Tests.Rooms;

/// <summary>What may be lost is sent where the transport has nothing else to do, and dropped elsewhere.</summary>
public sealed class VolatileTests
{
    [Fact]
    public async Task It_is_dropped_for_a_client_that_is_not_polling()
    {
        await using var stage = await Stage.StartAsync();
        var client = await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();

        await socket.Volatile.EmitAsync("lost");
        await stage.Io.Volatile.EmitAsync("lost too", new byte[] { 1 });
        await socket.EmitAsync("kept");

        Assert.Equal("""42["kept"]""", await client.PollAsync());
    }

    [Fact]
    public async Task It_reaches_a_client_that_is_polling()
    {
        await using var stage = await Stage.StartAsync();
        var client = await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();

        var poll = client.PollAsync();
        await EmitUntilAsync(poll, () => socket.Volatile.EmitAsync("news", 1));

        Assert.Equal("""42["news",1]""", await poll);
    }

    [Fact]
    public async Task It_reaches_an_idle_WebSocket_with_its_attachments()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        var read = member.Client.ReadAsync(2);
        await EmitUntilAsync(read, () => stage.Io.Volatile.EmitAsync("news", new byte[] { 1 }));

        Assert.Equal(["""451-["news",{"_placeholder":true,"num":0}]""", "b:01"], await read);
    }

    [Fact]
    public async Task It_narrows_like_any_other_set()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync("/", "a");
        var other = await stage.JoinAsync("/", "b");

        var read = member.ReadAsync();
        await EmitUntilAsync(read, () => stage.Io.Volatile.To("a", "b").Except("b").EmitAsync("news"));

        Assert.Equal("""42["news"]""", await read);
        Assert.Empty(await other.DrainAsync());
    }

    // The transport is idle some time after its last answer; nobody tells when.
    private static async Task EmitUntilAsync(Task read, Func<ValueTask> emit)
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        while (!read.IsCompleted && !patience.IsCancellationRequested)
        {
            await emit();
            await Task.Yield();
        }
    }
}
