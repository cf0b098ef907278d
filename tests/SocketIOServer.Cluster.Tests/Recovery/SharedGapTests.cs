using System.Text;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>A log or a store that fails: clients are recovered exactly, or told that they are not.</summary>
public sealed class SharedGapTests : SharedServers
{
    [Fact]
    public async Task What_was_delivered_without_a_place_in_the_log_is_not_delivered_again()
    {
        var (client, socket) = await JoinAsync(0, "room");
        await socket.EmitAsync("first");
        await client.ReadAsync();
        var (other, _) = await JoinAsync(0, "room");
        Readers[0].IsHeld = true;
        await Servers[0].Io.To("room").EmitAsync("at once");
        Servers[0].Host.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal("""["at once"]""", await client.ReadAsync());
        Assert.Equal("""["at once"]""", await other.ReadAsync());
        Readers[0].IsHeld = false;
        await ReadAsync();
        await CutAsync(client);

        // It may have it or not.
        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Contains(": gap", Refusals, StringComparison.Ordinal);

        await Servers[1].Io.To("room").EmitAsync("later");
        Assert.Equal("""["later"]""", await other.ReadAsync());
        await CutAsync(other);
        await ReturnAsync(other, 1);
        Assert.True(other.Recovered, Refusals);
        await Servers[0].Io.EmitAsync("live");
        Assert.Equal("""["live"]""", await other.ReadAsync());
    }

    /// <summary>The server reads them at the moment at which it gives up waiting for its own one.</summary>
    [Fact]
    public async Task An_event_of_another_server_is_kept_though_a_later_one_of_this_server_was_delivered_before_it()
    {
        var (client, _) = await JoinAsync(0);
        var (away, _) = await JoinAsync(0);
        await Servers[0].Io.EmitAsync("first");
        await client.ReadAsync();
        await away.ReadAsync();
        var first = client.Offset;
        await CutAsync(away);
        Readers[0].IsHeld = true;
        await Servers[1].Io.EmitAsync("of another");
        var ofAnother = Log.Last;
        await Servers[0].Io.EmitAsync("own");
        Readers[0].OnAppending = () =>
        {
            Readers[0].IsHeld = false;
            Assert.True(SpinWait.SpinUntil(() => Readers[0].ReadUpTo("/") >= Log.Last, TestHost.Patience));
            Readers[0].State = BusState.Deaf;
        };
        await Servers[0].Io.EmitAsync("second");

        Assert.Equal(("""["own"]""", first), (await client.ReadAsync(), client.Offset));
        Assert.Equal(("""["second"]""", first), (await client.ReadAsync(), client.Offset));
        Assert.Equal(("""["of another"]""", ofAnother.ToString()), (await client.ReadAsync(), client.Offset));
        Readers[0].State = BusState.Alive;
        await ReadAsync();
        await ReturnAsync(away, 0);
        Assert.True(away.Recovered, Refusals);
        Assert.Equal(["""["of another"]""", """["own"]""", """["second"]"""], await away.ReadAsync(3));
    }

    [Fact]
    public async Task Nobody_is_told_that_events_are_there_which_the_log_did_not_take()
    {
        var (near, _) = await JoinAsync(0);
        var (far, _) = await JoinAsync(1);
        await Servers[0].Io.EmitAsync("first");
        await near.ReadAsync();
        await far.ReadAsync();
        Readers[0].IsFull = true;
        await Servers[0].Io.EmitAsync("lost for others");
        Assert.Equal("""["lost for others"]""", await near.ReadAsync());
        Readers[0].IsFull = false;
        await Servers[0].Io.EmitAsync("next");
        await ReadAsync();
        Assert.Equal("""["next"]""", await far.ReadAsync());
        far.Cut();
        await Eventually.TrueAsync(() => Servers[1].Io.Of("/").FindSocket(far.Sid) is null, "the server has noticed");

        await ReturnAsync(far, 1);
        Assert.False(far.Recovered);
        Assert.Contains(": gap", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_that_were_removed_unread_are_told()
    {
        var (client, _) = await JoinAsync(1);
        await Servers[0].Io.EmitAsync("first");
        await client.ReadAsync();
        Readers[1].IsHeld = true;
        await Servers[0].Io.EmitAsync("removed");
        Readers[1].Lose();
        Readers[1].IsHeld = false;
        client.Cut();
        await Eventually.TrueAsync(() => Servers[1].Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");

        await ReturnAsync(client, 0);
        Assert.False(client.Recovered);
        Assert.Contains(": gap", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_has_not_read_as_far_as_the_client_says_so_after_a_second()
    {
        var (client, _) = await JoinAsync(0);
        Readers[1].IsHeld = true;
        await Servers[0].Io.EmitAsync("first");
        await client.ReadAsync();
        await CutAsync(client);

        client.Host = Servers[1].Host;
        var returning = client.ConnectAsync();
        await Eventually.TrueAsync(() => Log.Sessions.Saved.IsEmpty, "the server has taken the session");
        var waited = 0;
        while (!returning.IsCompleted)
        {
            // A second in all, so that the server has no reason to send a ping.
            if (waited < 10) Servers[1].Host.Time.Advance(TimeSpan.FromMilliseconds(100));
            waited++;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await returning;
        Assert.False(client.Recovered);
        Assert.Contains(": behind", Refusals, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_store_that_throws_is_not_needed_while_the_server_runs(int server)
    {
        Log.Sessions.Throws = true;
        var (client, _) = await JoinAsync(0);
        await Servers[1].Io.EmitAsync("first");
        await client.ReadAsync();
        client.Cut();
        await Servers[1].Io.EmitAsync("missed");
        await ReadAsync();

        await ReturnAsync(client, server);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
        await Eventually.TrueAsync(() => Servers[0].Host.Log.Lines.Any(line => line.Id.Id == 122), "the server says so");
    }

    [Theory]
    [InlineData("")]
    [InlineData("no base64")]
    [InlineData("kA==")]
    [InlineData("gaNzaWSjYWJj")]
    public async Task What_is_no_session_is_refused_and_gone(string record)
    {
        var (client, _) = await JoinAsync(0);
        await CutAsync(client);
        Log.Sessions.Saved[client.Pid!] = record;

        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Contains(": invalid_record", Refusals, StringComparison.Ordinal);
        Assert.Empty(Log.Sessions.Saved);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\\')]
    [InlineData('\n')]
    public async Task So_is_one_whose_id_cannot_be_in_a_packet_as_it_is(char unit)
    {
        var (client, _) = await JoinAsync(0);
        await CutAsync(client);
        var record = Convert.FromBase64String(Log.Sessions.Saved[client.Pid!]);
        record[record.AsSpan().IndexOf(Encoding.ASCII.GetBytes(client.Sid))] = (byte)unit;
        Log.Sessions.Saved[client.Pid!] = Convert.ToBase64String(record);

        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Contains(": invalid_record", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_another_namespace_or_client_is_refused_and_gone()
    {
        var (client, _) = await JoinAsync(0);
        var (other, _) = await JoinAsync(0);
        await CutAsync(client);
        await CutAsync(other);
        Log.Sessions.Saved[client.Pid!] = Log.Sessions.Saved[other.Pid!];
        var elsewhere = Create(1, "/chat");
        (elsewhere.Pid, elsewhere.Offset) = (other.Pid, other.Offset);

        await ReturnAsync(client, 1);
        await elsewhere.ConnectAsync();

        Assert.False(client.Recovered || elsewhere.Recovered);
        Assert.Empty(Log.Sessions.Saved);
    }

    [Fact]
    public async Task A_session_that_a_server_of_Node_has_saved_is_continued()
    {
        var (client, _) = await JoinAsync(0);
        await Servers[1].Io.EmitAsync("first");
        await client.ReadAsync();
        await Servers[1].Io.To("node").EmitAsync("missed");
        await ReadAsync();
        await client.Client.CloseAsync();
        client.Pid = SaveAsNode();

        var socket = await ReturnAsync(client, 1);
        Assert.True(client.Recovered, Refusals);
        Assert.Equal(("abc", 1), (socket.Id, socket.Data.Get<int>("n")));
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_session_of_a_server_of_Node_gets_nothing_twice_that_was_delivered_without_a_place_in_the_log()
    {
        var (client, _) = await JoinAsync(0);
        await Servers[1].Io.EmitAsync("first");
        await client.ReadAsync();
        await ReadAsync();
        await client.Client.CloseAsync();
        client.Pid = SaveAsNode();
        await ReturnAsync(client, 0);
        Assert.True(client.Recovered, Refusals);
        Readers[0].IsHeld = true;
        await Servers[0].Io.To("node").EmitAsync("at once");
        Servers[0].Host.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal("""["at once"]""", await client.ReadAsync());
        Readers[0].IsHeld = false;
        await ReadAsync();
        await CutAsync(client);

        await ReturnAsync(client, 1);
        Assert.False(client.Recovered);
        Assert.Contains(": gap", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ack_and_a_question_do_not_overtake_events_that_wait()
    {
        var (client, socket) = await JoinAsync(0);
        Readers[0].IsHeld = true;
        await socket.EmitAsync("first");
        var asking = socket.CallAsync<int>("question");
        Readers[0].IsHeld = false;

        Assert.Equal("""["first"]""", await client.ReadAsync());
        Assert.Equal("""420["question"]""", await client.Client.ReadAsync());
        await client.Client.SendAsync("430[7]");
        Assert.Equal(7, await asking);
    }

    private string SaveAsNode()
    {
        // {sid:"abc",pid:"def",rooms:["abc","node"],data:{n:1}}
        Log.Sessions.Saved["def"] = Convert.ToBase64String([0x84, .. Text("sid"), .. Text("abc"), .. Text("pid"), .. Text("def"), .. Text("rooms"), 0x92, .. Text("abc"), .. Text("node"), .. Text("data"), 0x81, .. Text("n"), 1]);
        return "def";
    }

    private static byte[] Text(string text) => [(byte)(0xa0 + text.Length), .. Encoding.ASCII.GetBytes(text)];
}
