namespace SocketIOServer.Tests.Events;

/// <summary>Events that need not wait for each other.</summary>
public sealed class ConcurrentTests
{
    [Fact]
    public async Task So_many_run_at_a_time_and_answer_as_they_end()
    {
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        var begun = new Inbox<int>();
        await using var host = await TestHost.StartAsync(io => io
            .On("slow", [Concurrent(2)] async (int number) =>
            {
                begun.Add(number);
                await gates[number].Task;
                return number;
            })
            .On("fast", () => "fast"));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""420["slow",0]""");
        await client.SendAsync("""421["slow",1]""");
        Assert.Equal([0, 1], (await begun.NextAsync(2)).Order());
        Assert.Equal("""439["fast"]""", await client.AskAsync("""429["fast"]"""));

        await client.SendAsync("""422["slow",2]""");
        await client.SendAsync("""428["fast"]""");
        gates[1].SetResult();
        Assert.Equal("431[1]", await client.ReadAsync());
        Assert.Equal(2, await begun.NextAsync());
        Assert.Equal("""438["fast"]""", await client.ReadAsync());
        gates[2].SetResult();
        Assert.Equal("432[2]", await client.ReadAsync());
        gates[0].SetResult();
        Assert.Equal("430[0]", await client.ReadAsync());
    }

    [Fact]
    public async Task What_comes_before_the_first_await_comes_before_the_next_event()
    {
        var last = 0;
        await using var host = await TestHost.StartAsync(io => io
            .On("begin", [Concurrent(2)] async (int number) =>
            {
                last = number;
                await Task.Yield();
            })
            .On("last", () => last));
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 1; i <= 100; i++)
        {
            await client.SendAsync($"""42["begin",{i}]""");
            await client.SendAsync($"""42{i}["last"]""");
        }

        for (var i = 1; i <= 100; i++) Assert.Equal($"43{i}[{i}]", await client.ReadAsync());
    }

    [Fact]
    public async Task Handlers_without_an_await_run_beside_each_other_too()
    {
        using var both = new Barrier(2);
        await using var host = await TestHost.StartAsync(io => io.On("meet", [Concurrent(2)] () => both.SignalAndWait(TestHost.Patience)));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""420["meet"]""");
        await client.SendAsync("""421["meet"]""");

        Assert.Equal(["430[true]", "431[true]"], new[] { await client.ReadAsync(), await client.ReadAsync() }.Order());
    }

    [Fact]
    public async Task Arguments_are_whole_however_late_they_are_read()
    {
        await using var host = await TestHost.StartAsync(io => io.On("echo", [Concurrent(8)] (string text, byte[] bytes) => $"{text} {bytes.Length}"));
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < 100; i++)
        {
            await client.SendAsync($$"""451-{{i}}["echo","{{new string((char)('a' + i % 26), 200)}}",{"_placeholder":true,"num":0}]""");
            await client.SendAsync(new byte[i]);
        }

        var answers = new HashSet<string>();
        for (var i = 0; i < 100; i++) answers.Add(await client.ReadAsync());
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"43{i}[\"{new string((char)('a' + i % 26), 200)} {i}\"]").ToHashSet(), answers);
    }

    [Fact]
    public async Task A_limit_of_one_is_refused_at_start() =>
        await Assert.ThrowsAsync<ArgumentException>(() => TestHost.StartAsync(io => io.On("x", [Concurrent(1)] () => 1)));
}
