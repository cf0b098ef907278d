using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Events;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>Handled events and durable events go along with a session that is saved for all servers, and nothing of them is lost or comes twice unnoticed.</summary>
public sealed class SharedEventsTests : SharedServers
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _store = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _handled;

    [Fact]
    public async Task An_event_that_was_handled_gets_its_ack_after_its_server_is_gone()
    {
        var (client, _) = await JoinAsync(0);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal(["""461-1[{"_placeholder":true,"num":0},"é\""]""", "b:01ff"], await AskTwoAsync(client, """421["binary","k2"]"""));
        await MoveAsync(client);

        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal(["""461-1[{"_placeholder":true,"num":0},"é\""]""", "b:01ff"], await AskTwoAsync(client, """421["binary","k2"]"""));
        Assert.Equal("""432["tea",3]""", await AskAsync(client, """422["order","tea","k3"]"""));
        Assert.Equal([0, 3], Servers.Select(server => ContextOf(server).Retries.Count));
    }

    [Fact]
    public async Task The_ack_was_on_its_way_when_the_connection_broke()
    {
        var (client, _) = await JoinAsync(0);
        await client.Client.SendAsync("""420["slow","k1"]""");
        await _begun.Task;
        client.Cut();
        await LeftAsync(client);
        _release.SetResult();
        await SavedAsync(client);
        await StopAsync();

        await ReturnAsync(client, 1);
        Assert.Equal("""430[1]""", await AskAsync(client, """420["slow","k1"]"""));
    }

    [Fact]
    public async Task Events_that_wait_behind_others_are_waited_for_too()
    {
        var (client, socket) = await JoinAsync(0);
        await client.Client.SendAsync("""420["slow","k1"]""");
        await client.Client.SendAsync("""421["order","tea","k2"]""");
        await _begun.Task;
        var heard = socket.CallAsync<int>("until here");
        Assert.Equal("""420["until here"]""", await client.Client.ReadAsync());
        await client.Client.SendAsync("430[1]");
        await heard;
        client.Cut();
        await LeftAsync(client);
        _release.SetResult();
        await SavedAsync(client);
        await StopAsync();

        await ReturnAsync(client, 1);
        Assert.Equal("""430["tea",2]""", await AskAsync(client, """420["order","tea","k2"]"""));
        Assert.Equal("""431[1]""", await AskAsync(client, """421["slow","k1"]"""));
    }

    [Fact]
    public async Task A_handler_that_does_not_end_holds_up_its_own_session_for_half_a_second()
    {
        var (slow, _) = await JoinAsync(0);
        var (other, _) = await JoinAsync(0);
        await slow.Client.SendAsync("""420["slow","k1"]""");
        await _begun.Task;
        slow.Cut();
        await LeftAsync(slow);
        await CutAsync(other);
        Assert.DoesNotContain(slow.Pid!, Log.Sessions.Saved.Keys);

        while (!Log.Sessions.Saved.ContainsKey(slow.Pid!))
        {
            Servers[0].Host.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await ReturnAsync(slow, 1);
        Assert.True(slow.Recovered, Refusals);
        _release.SetResult();
    }

    [Fact]
    public async Task Keys_of_a_user_go_along_and_stay()
    {
        User = "ada";
        var (client, _) = await JoinAsync(0);
        var (other, _) = await JoinAsync(0);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        await CutAsync(client);
        await ReturnAsync(client, 1);

        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        Assert.Equal("""430["tea",1]""", await AskAsync(other, """420["order","tea","k1"]"""));
    }

    [Fact]
    public async Task Durable_events_arrive_in_their_order_after_their_server_is_gone()
    {
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 3; i++) await socket.Durable.EmitAsync("news", i, new byte[] { 1, 255 });
        for (var i = 0; i < 3; i++) Assert.Equal([$$"""451-{{i}}["news",{{i}},{"_placeholder":true,"num":0}]""", "b:01ff"], await ReadTwoAsync(client));
        await client.Client.SendAsync("430[]");
        await AliveAsync(client);
        await MoveAsync(client);

        for (var i = 0; i < 2; i++) Assert.Equal([$$"""451-{{i}}["news",{{i + 1}},{"_placeholder":true,"num":0}]""", "b:01ff"], await ReadTwoAsync(client));
        await Servers[1].Io.Of("/").FindSocket(client.Sid)!.Durable.EmitAsync("news", 3);
        Assert.Equal("""422["news",3]""", await client.Client.ReadAsync());
        Assert.Equal([0L, 3L], Servers.Select(server => ContextOf(server).OwnInboxes!.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task They_arrive_once_however_often_the_client_leaves_and_returns(int other)
    {
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 6; i++)
        {
            await socket.Durable.EmitAsync("news", i);
            Assert.Equal($$"""42{{(i == 0 ? 0 : 1)}}["news",{{i}}]""", await client.Client.ReadAsync());
            await CutAsync(client);
            socket = await ReturnAsync(client, i % 2 == 0 ? other : 0);
            Assert.True(client.Recovered, Refusals);
            Assert.Equal($$"""420["news",{{i}}]""", await client.Client.ReadAsync());
            await client.Client.SendAsync("430[]");
            await AliveAsync(client);
        }

        Assert.Equal([0L, 0L], Servers.Select(server => ContextOf(server).OwnInboxes!.Count));
    }

    [Fact]
    public async Task One_that_is_emitted_while_the_session_is_saved_is_refused()
    {
        var (client, socket) = await JoinAsync(0);
        await socket.Durable.EmitAsync("news", 0);
        Log.Sessions.SavedAfter = _store.Task;
        client.Cut();
        await Eventually.TrueAsync(() => Log.Sessions.Begun == 1, "the session is being saved");
        await Assert.ThrowsAsync<InvalidOperationException>(() => socket.Durable.EmitAsync("news", 1).AsTask());
        _store.SetResult();
        await SavedAsync(client);
        await Assert.ThrowsAsync<InvalidOperationException>(() => socket.Durable.EmitAsync("news", 2).AsTask());

        var moved = await ReturnAsync(client, 1);
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        await moved.Durable.EmitAsync("news", 3);
        Assert.Equal("""421["news",3]""", await client.Client.ReadAsync());
    }

    [Fact]
    public async Task One_by_the_socket_of_an_earlier_connection_is_refused_once_the_session_is_elsewhere()
    {
        var (client, first) = await JoinAsync(0);
        Log.Sessions.Throws = true;
        client.Cut();
        await LeftAsync(client);
        await ReturnAsync(client, 0);
        Log.Sessions.Throws = false;
        await first.Durable.EmitAsync("news", 0);
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        await CutAsync(client);
        await ReturnAsync(client, 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => first.Durable.EmitAsync("news", 1).AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_was_saved_although_the_answer_was_lost_is_the_one_of_the_server_that_has_had_it_last(bool isNoticed)
    {
        var (client, socket) = await JoinAsync(0);
        await socket.Durable.EmitAsync("news", 0);
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        Log.Sessions.AnswersAfter = _store.Task;
        await CutAsync(client);
        Servers[0].Host.Time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Servers[0].Host.Log.Lines.Any(line => line.Id.Id == 122), "the server has given up");
        Log.Sessions.AnswersAfter = null;
        var moved = await ReturnAsync(client, 1);
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        await client.Client.SendAsync("430[]");
        await AliveAsync(client);
        await moved.JoinAsync("later");
        await moved.Durable.EmitAsync("news", 1);
        Assert.Equal("""421["news",1]""", await client.Client.ReadAsync());
        if (isNoticed) await CutAsync(client);

        // The first server still has it in memory, as it was.
        var back = await ReturnAsync(client, 0);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""420["news",1]""", await client.Client.ReadAsync());
        await AliveAsync(client);
        Assert.Equal(["later"], back.Rooms.Where(room => room != back.Id));
    }

    [Fact]
    public async Task What_an_earlier_stay_has_left_in_the_store_does_not_count_for_a_session_that_was_not_saved()
    {
        var (client, _) = await JoinAsync(0);
        Log.Sessions.AnswersAfter = _store.Task;
        await CutAsync(client);
        Servers[0].Host.Time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Servers[0].Host.Log.Lines.Any(line => line.Id.Id == 122), "the server has given up");
        Log.Sessions.Throws = true;
        var socket = await ReturnAsync(client, 0);
        Log.Sessions.Throws = false;
        Assert.True(client.Recovered, Refusals);
        await socket.JoinAsync("later");
        for (var i = 0; i < 2; i++) await socket.Durable.EmitAsync("large", new string('a', 40_000));
        for (var i = 0; i < 2; i++) await client.Client.ReadAsync();
        client.Cut();
        await Eventually.TrueAsync(() => Servers[0].Host.Log.Lines.Any(line => line.Id.Id == 121), "the server says so");

        socket = await ReturnAsync(client, 0);
        Assert.True(client.Recovered, Refusals);
        for (var i = 0; i < 2; i++) Assert.StartsWith($$"""42{{i}}["large",""", await client.Client.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("later", socket.Rooms);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_save_that_fails_leaves_them_where_the_session_is(int server)
    {
        var (client, socket) = await JoinAsync(0);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        await socket.Durable.EmitAsync("news", 0);
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        Log.Sessions.Throws = true;
        client.Cut();
        await Eventually.TrueAsync(() => Log.Sessions.Begun == 1, "the server has tried to save the session");

        await ReturnAsync(client, server);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        Assert.Equal("""431["tea",1]""", await AskAsync(client, """421["order","tea","k1"]"""));
    }

    [Fact]
    public async Task A_client_that_has_gone_again_before_it_was_let_in_loses_nothing()
    {
        var (client, socket) = await JoinAsync(0);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        await socket.Durable.EmitAsync("news", 0);
        await CutAsync(client);
        Readers[1].IsHeld = true;
        await Servers[0].Io.EmitAsync("missed");
        client.Host = Servers[1].Host;
        var gone = await SocketClient.ConnectAsync(Servers[1].Host.Address);
        await gone.SendAsync($$"""40{"pid":"{{client.Pid}}"}""");
        await Eventually.TrueAsync(() => Log.Sessions.Saved.IsEmpty, "the server has taken the session");
        gone.Raw.Abort();
        Readers[1].IsHeld = false;
        await SavedAsync(client);
        await ReadAsync();

        await ReturnAsync(client, 0);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
        Assert.Equal("""420["news",0]""", await client.Client.ReadAsync());
        Assert.Equal("""431["tea",1]""", await AskAsync(client, """421["order","tea","k1"]"""));
    }

    [Fact]
    public async Task A_session_whose_events_do_not_fit_is_not_saved_and_its_server_gives_it()
    {
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 3; i++) await socket.Durable.EmitAsync("large", new string('a', 40_000));
        for (var i = 0; i < 3; i++) await client.Client.ReadAsync();
        client.Cut();
        await Eventually.TrueAsync(() => Servers[0].Host.Log.Lines.Any(line => line.Id.Id == 121), "the server says so");
        Assert.Empty(Log.Sessions.Saved);

        await ReturnAsync(client, 1);
        Assert.True(client.Recovered, Refusals);
        for (var i = 0; i < 3; i++) Assert.StartsWith($$"""42{{i}}["large",""", await client.Client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_whose_events_do_not_fit_is_refused_if_its_server_is_gone()
    {
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 3; i++) await socket.Durable.EmitAsync("large", new string('a', 40_000));
        client.Cut();
        await Eventually.TrueAsync(() => Servers[0].Host.Log.Lines.Any(line => line.Id.Id == 121), "the server says so");
        await StopAsync();

        client.Host = Servers[1].Host;
        await client.ConnectAsync();
        Assert.False(client.Recovered);
        Assert.Contains(": unknown", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_keep_the_durable_events_begins_a_new_session()
    {
        await StartAsync(options => options.Inbox!.MaxMessages = 1);
        var (client, socket) = await JoinAsync(0);
        for (var i = 0; i < 2; i++) await socket.Durable.EmitAsync("news", i);
        await CutAsync(client);

        client.Host = Servers[2].Host;
        await client.ConnectAsync();
        Assert.False(client.Recovered);
        Assert.Contains(": inbox_full", Refusals, StringComparison.Ordinal);
        Assert.Equal(0, ContextOf(Servers[2]).OwnInboxes!.Count);
        Assert.Contains(Servers[2].Host.Log.Lines, line => line.Id.Id == 131);
    }

    [Fact]
    public async Task A_session_of_an_older_server_has_no_events()
    {
        var (client, _) = await JoinAsync(0);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        await CutAsync(client);
        Change(client, record => record.Remove("handled"));

        await ReturnAsync(client, 1);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""430["tea",2]""", await AskAsync(client, """420["order","tea","k1"]"""));
    }

    [Theory]
    [InlineData("handled", """1""")]
    [InlineData("handled", """[1]""")]
    [InlineData("handled", """[["order",0,"k1"]]""")]
    [InlineData("handled", """[["order","0","k1","[]"]]""")]
    [InlineData("handled", """[["order",0,"k1","no json"]]""")]
    [InlineData("handled", """[["order",0,"k1","[]","no base64!"]]""")]
    [InlineData("handled", """[["order",0,"k1",null]]""")]
    [InlineData("durable", """{}""")]
    [InlineData("durable", """[1]""")]
    [InlineData("durable", """["no base64!"]""")]
    public async Task What_no_server_writes_is_refused(string name, string value)
    {
        var (client, _) = await JoinAsync(0);
        await CutAsync(client);
        Change(client, record => record[name] = JsonNode.Parse(value));

        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Contains(": invalid_record", Refusals, StringComparison.Ordinal);
        Assert.Empty(Servers[1].Host.Log.Errors);
        Assert.Equal((0, 0L), (ContextOf(Servers[1]).Retries.Count, ContextOf(Servers[1]).OwnInboxes!.Count));
    }

    [Theory]
    [InlineData("handled", """[["order",0,"","[]"],[null,0,"k1","[]"],["order",0,"k1","{}"],["order",0,"k1","[{\"_placeholder\":true,\"num\":0}]"]]""")]
    [InlineData("durable", """["AAAA","AAAAAA==","/////w==","AgAAAHt9","BQAAAFsibyJd"]""")]
    public async Task An_event_that_nobody_can_have_sent_is_left_out(string name, string value)
    {
        var (client, _) = await JoinAsync(0);
        await CutAsync(client);
        Change(client, record => record[name] = JsonNode.Parse(value));

        await ReturnAsync(client, 1);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal((0, name == "durable" ? 1L : 0L), (ContextOf(Servers[1]).Retries.Count, ContextOf(Servers[1]).OwnInboxes!.Count));
    }

    [Fact]
    public async Task More_than_a_server_writes_is_refused()
    {
        var (client, _) = await JoinAsync(0);
        await CutAsync(client);
        Change(client, record => record["handled"] = new JsonArray([.. Enumerable.Range(0, 101).Select(i => new JsonArray("order", 0, $"k{i}", "[]"))]));

        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Equal(0, ContextOf(Servers[1]).Retries.Count);
    }

    [Fact]
    public async Task Events_of_another_user_are_never_put_down()
    {
        User = "ada";
        var (client, _) = await JoinAsync(0);
        Assert.Equal("""430["tea",1]""", await AskAsync(client, """420["order","tea","k1"]"""));
        await CutAsync(client);
        User = "eve";

        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Contains(": other_user", Refusals, StringComparison.Ordinal);
        Assert.Equal(0, ContextOf(Servers[1]).Retries.Count);
    }

    private protected override void Configure(SocketServerOptions options) => options.Inbox = new();

    private protected override void Map(SocketEndpointBuilder io) => io
        .On("order", (string what, [RetryKey] string key) => (what, Interlocked.Increment(ref _handled)))
        .On("alive", () => true)
        .On("binary", ([RetryKey] string key) =>
        {
            Interlocked.Increment(ref _handled);
            return (new byte[] { 1, 255 }, "é\"");
        })
        .On("slow", async ([RetryKey] string key) =>
        {
            var handled = Interlocked.Increment(ref _handled);
            _begun.SetResult();
            await _release.Task;
            return handled;
        });

    private static ServerContext ContextOf(Adapters.Server server) => server.Host.Services.GetRequiredService<SocketServer>().Context;

    private static async Task<string> AskAsync(RecoveringClient client, string packet)
    {
        await client.Client.SendAsync(packet);
        return await client.Client.ReadAsync();
    }

    private static async Task AliveAsync(RecoveringClient client) => Assert.Equal("439[true]", await AskAsync(client, """429["alive"]"""));

    private static async Task<string[]> AskTwoAsync(RecoveringClient client, string packet)
    {
        await client.Client.SendAsync(packet);
        return await ReadTwoAsync(client);
    }

    private static async Task<string[]> ReadTwoAsync(RecoveringClient client) => [await client.Client.ReadAsync(), await client.Client.ReadAsync()];

    // What another program makes of a record.
    private void Change(RecoveringClient client, Action<JsonObject> change)
    {
        using var json = ByteScratch.Take();
        var transcoder = new JsonTranscoder(new(Convert.FromBase64String(Log.Sessions.Saved[client.Pid!])), new(1 << 20, 1 << 20, 64), json);
        Assert.True(transcoder.TryWrite());
        var record = JsonNode.Parse(Encoding.UTF8.GetString(json.Written))!.AsObject();
        change(record);
        using var packed = ByteScratch.Take();
        new MessagePackTranscoder([], packed).WriteJson(Encoding.UTF8.GetBytes(record.ToJsonString()));
        Log.Sessions.Saved[client.Pid!] = Convert.ToBase64String(packed.Written);
    }

    // To another server, while the one that it was connected to stops for good.
    private async Task MoveAsync(RecoveringClient client)
    {
        await CutAsync(client);
        await StopAsync();
        await ReturnAsync(client, 1);
        Assert.True(client.Recovered, Refusals);
    }

    private Task StopAsync() => Servers[0].Host.StopInTimeAsync();

    private Task LeftAsync(RecoveringClient client) => Eventually.TrueAsync(() => Servers[0].Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");

    private Task SavedAsync(RecoveringClient client) => Eventually.TrueAsync(() => Log.Sessions.Saved.ContainsKey(client.Pid!), "the session is saved");
}
