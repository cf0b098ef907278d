using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Tests.Events;

/// <summary>Events of one socket run one at a time, in order; nothing else waits for them.</summary>
public sealed class OrderTests
{
    [Fact]
    public async Task A_handler_begins_when_the_one_before_has_ended()
    {
        var notes = new Inbox<string>();
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        await using var host = await TestHost.StartAsync(io => io.On("e", async (int n) =>
        {
            notes.Add("begin " + n);
            await gates[n].Task;
            notes.Add("end " + n);
        }));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["e",0]""", """42["e",1]""", """42["e",2]""");
        Assert.Equal("begin 0", await notes.NextAsync());
        gates[2].SetResult();
        gates[1].SetResult();
        gates[0].SetResult();

        Assert.Equal(["end 0", "begin 1", "end 1", "begin 2", "end 2"], await notes.NextAsync(5));
    }

    [Fact]
    public async Task Handlers_that_wait_now_and_then_stay_in_order()
    {
        const int Count = 2000;
        var numbers = new Inbox<int>();
        await using var host = await TestHost.StartAsync(io => io.On("e", async (int n) =>
        {
            if (n % 3 == 0) await Task.Yield();
            numbers.Add(n);
        }));
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < Count; i++) await client.SendAsync($"""42["e",{i}]""");

        Assert.Equal(Enumerable.Range(0, Count), await numbers.NextAsync(Count));
    }

    [Fact]
    public async Task Sockets_do_not_wait_for_each_other()
    {
        var gate = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(io => io.On("wait", () => gate.Task).OnPing());
        await using var slow = await SocketClient.JoinAsync(host);
        await using var other = await SocketClient.JoinAsync(host);

        await slow.SendAsync("""421["wait"]""");
        await other.AssertAliveAsync();
        gate.SetResult();

        Assert.Equal("431[]", await slow.ReadAsync());
    }

    [Fact]
    public async Task Namespaces_of_one_client_do_not_wait_for_each_other()
    {
        var gate = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.Of("/slow").On("wait", () => gate.Task);
        });
        await using var client = await SocketClient.JoinAsync(host);
        Wire.IdOf(await client.AskAsync("40/slow,"));

        await client.SendAsync("""42/slow,1["wait"]""");
        await client.AssertAliveAsync();
        gate.SetResult();

        Assert.Equal("43/slow,1[]", await client.ReadAsync());
    }

    [Fact]
    public async Task Events_wait_until_OnConnected_has_begun()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OnConnecting(async () => await Task.Yield())
            .OnConnected(() => notes.Add("connected"))
            .On("e", () => notes.Add("event")));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["e"]""");

        Assert.Equal(["connected", "event"], await notes.NextAsync(2));
    }

    [Fact]
    public async Task A_full_queue_holds_the_client_back_and_loses_nothing()
    {
        var numbers = new Inbox<int>();
        var gate = new TaskCompletionSource();
        await using var host = await StartAsync(numbers, gate.Task);
        var client = await PollingClient.JoinAsync(host);

        var post = client.PostAsync(string.Join('\u001e', Enumerable.Range(0, 10).Select(n => $"""42["e",{n}]""")));
        Assert.Equal(0, await numbers.NextAsync());
        await (await SocketClient.JoinAsync(host)).DisposeAsync();
        var wasHeldBack = !post.IsCompleted;
        gate.SetResult();

        Assert.Equal((200, "ok"), await post);
        Assert.True(wasHeldBack);
        Assert.Equal(Enumerable.Range(1, 9), await numbers.NextAsync(9));
    }

    [Fact]
    public async Task A_full_queue_on_WebSocket_loses_nothing_either()
    {
        const int Count = 500;
        var numbers = new Inbox<int>();
        var gate = new TaskCompletionSource();
        await using var host = await StartAsync(numbers, gate.Task);
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < Count; i++) await client.SendAsync($"""42["e",{i}]""");
        gate.SetResult();

        Assert.Equal(Enumerable.Range(0, Count), await numbers.NextAsync(Count));
    }

    // Nobody is there any more who could be held back: a connection must not outlive its session by the handler's time.
    [Fact]
    public async Task A_full_queue_behind_a_handler_that_never_ends_does_not_keep_a_connection_that_was_closed()
    {
        var numbers = new Inbox<int>();
        var ends = new Inbox<string>();
        var never = new TaskCompletionSource();
        await using var host = await StartAsync(numbers, never.Task, ends);
        await using var client = await SocketClient.JoinAsync(host);
        Wire.IdOf(await client.AskAsync("40/other,"));
        await client.SendAsync("""42["e",0]""", """42["e",1]""", """42/other,["e"]""", """42["e",2]""");
        Assert.Equal((int[])[0, -1], await numbers.NextAsync(2));
        await (await SocketClient.JoinAsync(host)).DisposeAsync();
        Assert.Equal("request ended", await ends.NextAsync());

        await host.Io.DisconnectAsync(close: true);
        Assert.Equal(["41", "41/other,", "closed 1000"], await client.ReadAsync(3));
        await client.CloseAsync();

        Assert.Equal("request ended", await ends.NextAsync());
        never.SetResult();
    }

    private static Task<TestHost> StartAsync(Inbox<int> numbers, Task gate, Inbox<string>? ends = null) => TestHost.StartAsync(
        io =>
        {
            io.Of("/other").On("e", () => numbers.Add(-1));
            io.On("e", async (int n) =>
            {
                numbers.Add(n);
                await gate;
            });
        },
        options => options.MaxQueuedEvents = 2,
        use: app => app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols) ends?.Add("request ended");
        }));
}
