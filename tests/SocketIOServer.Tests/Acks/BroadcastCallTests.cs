namespace SocketIOServer.Tests.Acks;

/// <summary>An event to many that each of them is to answer.</summary>
public sealed class BroadcastCallTests
{
    [Fact]
    public async Task Every_answer_is_told_by_its_socket()
    {
        await using var stage = await Stage.StartAsync();
        var (a, b) = (await stage.JoinAsync("/", "room"), await stage.JoinAsync("/", "room"));
        var outside = await stage.JoinAsync();

        var call = stage.Io.To("room").CallAsync<int>("q", "x");
        Assert.Equal("""420["q","x"]""", await a.ReadAsync());
        Assert.Equal("""420["q","x"]""", await b.ReadAsync());
        await a.Client.SendAsync("430[1]");
        await b.Client.SendAsync("430[2]");

        var reply = await call.Soon();
        Assert.Equal([(a.Id, 1), (b.Id, 2)], reply.Replies.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Value));
        Assert.Empty(reply.Missing);
        Assert.DoesNotContain(await outside.DrainAsync(), text => text.Contains('q', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_silent_leaves_or_answers_nonsense_is_missing()
    {
        await using var stage = await Stage.StartAsync();
        var (good, silent, leaver, fool) = (await stage.JoinAsync(), await stage.JoinAsync(), await stage.JoinAsync(), await stage.JoinAsync());

        var call = stage.Io.CallAsync<int>("q", timeout: TimeSpan.FromSeconds(2));
        await good.Client.SendAsync("430[1]");
        await good.ReadAsync();
        await fool.Client.SendAsync("""430["x"]""");
        await fool.ReadAsync();
        await leaver.Client.SendAsync("41");
        foreach (var member in new[] { good, fool }) await member.Client.AssertAliveAsync();
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => leaver.Socket.CallAsync("still there?").Soon());
        Assert.False(call.IsCompleted);
        stage.Host.Time.Advance(TimeSpan.FromSeconds(2));

        var reply = await call.Soon();
        Assert.Equal(good.Id, Assert.Single(reply.Replies).Key);
        Assert.Equal(new[] { silent.Id, leaver.Id, fool.Id }.Order(StringComparer.Ordinal), reply.Missing.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("argument", 0)]
    [InlineData("cancelled", 1)]
    public async Task Who_answers_what_the_type_does_not_take_is_missing(string fault, int errors)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = stage.Io.CallAsync<Guarded>("q");
        await member.ReadAsync();

        await member.Client.SendAsync($$"""430[{"value":"{{fault}}"}]""");

        var reply = await call.Soon();
        Assert.Empty(reply.Replies);
        Assert.Equal(member.Id, Assert.Single(reply.Missing));
        await member.Client.AssertAliveAsync();
        Assert.Equal(errors, stage.Host.Log.Errors.Count());
    }

    [Fact]
    public async Task Nobody_answers_for_nobody()
    {
        await using var stage = await Stage.StartAsync();

        var reply = await stage.Io.To("empty").CallAsync<int>("q", 1).Soon();

        Assert.Empty(reply.Replies);
        Assert.Empty(reply.Missing);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_ignored_and_a_call_can_be_cancelled()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        using var cancel = new CancellationTokenSource();
        var call = stage.Io.CallAsync<int>("q", cancel: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await member.Client.SendAsync("430[1]");
        await member.ReadAsync();
        await member.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Binary_goes_to_each()
    {
        await using var stage = await Stage.StartAsync();
        var members = new[] { await stage.JoinAsync(), await stage.JoinAsync() };
        var call = stage.Io.CallAsync<byte[]>("q", new byte[] { 1 });

        foreach (var member in members)
        {
            Assert.Equal(["""451-0["q",{"_placeholder":true,"num":0}]""", "b:01"], await member.Client.ReadAsync(2));
            await member.Client.SendAsync("""461-0[{"_placeholder":true,"num":0}]""");
            await member.Client.SendAsync([2]);
        }

        Assert.All((await call.Soon()).Replies.Values, bytes => Assert.Equal([2], bytes));
    }
}
