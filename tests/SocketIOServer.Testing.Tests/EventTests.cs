namespace SocketIOServer.Testing.Tests;

/// <summary>What a client sends and what it finds.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Effects_of_a_handler_that_does_not_wait_are_there_at_once()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("echo", (string text, ISocket socket) => socket.EmitAsync("echo", text, text.Length)));
        await using var client = await host.ConnectAsync();

        await client.EmitAsync("echo", "hello");

        var received = Assert.Single(client.Received);
        Assert.Equal(("echo", "hello", 5), (received.Name, received.Arguments.Get<string>(), received.Arguments.Get<int>(1)));
        Assert.False(received.WantsAck);
    }

    [Fact]
    public async Task Events_are_taken_once_and_in_order()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("go", async (ISocket socket) =>
        {
            await socket.EmitAsync("a", 1);
            await socket.EmitAsync("b", 2);
            await socket.EmitAsync("a", 3);
        }));
        await using var client = await host.ConnectAsync();
        await client.EmitAsync("go");

        int[] taken = [await client.NextAsync<int>("b"), await client.NextAsync<int>("a"), await client.NextAsync<int>("a")];

        Assert.Equal([2, 1, 3], taken);
        Assert.Equal(["a", "b", "a"], client.Received.Select(received => received.Name));
    }

    [Fact]
    public async Task A_wait_ends_when_the_event_comes()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { });
        await using var client = await host.ConnectAsync();
        var next = client.NextAsync<string>("news");

        Assert.False(next.IsCompleted);
        await host.Server.To(client.Id).EmitAsync("news", "fresh");

        Assert.Equal("fresh", await next);
    }

    [Fact]
    public async Task A_wait_in_vain_says_what_came_and_what_the_server_logged()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io
            .On("go", async Task (ISocket socket) =>
            {
                await socket.EmitAsync("other", 1);
                throw new InvalidOperationException("out of order");
            })
            .On("number", (int number) => number));
        await using var client = await host.ConnectAsync();
        host.Timeout = TimeSpan.FromMilliseconds(1);
        await client.EmitAsync("go");
        await client.EmitAsync("number", "one");

        var error = await Assert.ThrowsAsync<TimeoutException>(() => client.NextAsync("news"));

        Assert.Contains("No \"news\" came (what did, and was not taken: [\"other\",1])", error.Message, StringComparison.Ordinal);
        Assert.Contains("out of order", error.Message, StringComparison.Ordinal);
        Assert.Contains("The event \"number\"", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(Assert.Single(host.Errors));
    }

    [Fact]
    public async Task An_event_that_came_too_late_for_a_wait_is_there_for_the_next()
    {
        await using var host = await SocketIOTestHost.StartAsync(_ => { });
        await using var client = await host.ConnectAsync();
        host.Timeout = TimeSpan.FromMilliseconds(1);
        await Assert.ThrowsAsync<TimeoutException>(() => client.NextAsync("news"));

        await host.Server.EmitAsync("news", 1);

        Assert.Equal(1, await client.NextAsync<int>("news"));
    }

    [Fact]
    public async Task Null_and_arrays_are_one_argument()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.OnAny((string name, System.Text.Json.JsonElement[] args, ISocket socket) => socket.EmitAsync("count", args.Length)));
        await using var client = await host.ConnectAsync();

        await client.EmitAsync("none");
        await client.EmitAsync("null", null);
        await client.EmitAsync("texts", new[] { "a", "b" });
        await client.EmitAsync("numbers", new[] { 1, 2 });
        await client.EmitAsync("several", "a", 2, null, new[] { "b" });

        Assert.Equal([0, 1, 1, 1, 4], client.Received.Select(received => received.Arguments.Get<int>()));
    }

    [Fact]
    public async Task Binary_goes_both_ways()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("turn", async (byte[] data, string tag, ISocket socket) =>
        {
            await socket.EmitAsync("turned", new { Tag = tag, Data = data.Reverse().ToArray() });
            return data;
        }));
        await using var client = await host.ConnectAsync();

        Assert.Equal([1, 2, 3], await client.CallAsync<byte[]>("turn", new byte[] { 1, 2, 3 }, "x"));

        var turned = await client.NextAsync("turned");
        Assert.Equal([3, 2, 1], turned.Arguments.Get<Turned>().Data);
        Assert.Contains("_placeholder", turned.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_may_send_from_many_threads()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("echo", (int number, ISocket socket) => socket.Everyone.EmitAsync("echo", number)));
        await using var a = await host.ConnectAsync();
        await using var b = await host.ConnectAsync();

        await Parallel.ForAsync(0, 200, async (number, _) => await (number % 2 == 0 ? a : b).CallAsync("echo", number));

        Assert.Equal(200, a.Received.Select(received => received.Arguments.Get<int>()).Distinct().Count());
        Assert.Equal(200, b.Received.Count);
    }

    private sealed record Turned(string Tag, byte[] Data);
}
