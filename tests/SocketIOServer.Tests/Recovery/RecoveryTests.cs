using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Recovery;

/// <summary>A client that lost its connection gets its session back.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task A_client_that_comes_back_has_its_id_rooms_and_data_and_gets_what_it_missed()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync("room");
        socket.Data.Set("name", "Ada");
        await socket.EmitAsync("first", 1);
        Assert.Equal("""["first",1]""", await client.ReadAsync());

        await stage.CutAsync(client);
        await stage.Io.EmitAsync("all", "text");
        await stage.Io.To("room").EmitAsync("room", new { A = 1 });
        await stage.Io.To(socket.Id).EmitAsync("id");
        await socket.EmitAsync("socket", new[] { 1, 2 });
        await stage.Io.To("other").EmitAsync("not for it");
        await stage.Io.Except("room").EmitAsync("not for it");
        await stage.Io.Volatile.EmitAsync("volatile");
        var (sid, back) = (client.Sid, await stage.ReturnAsync(client));

        Assert.True(client.Recovered);
        Assert.True(back.Recovered);
        Assert.NotSame(socket, back);
        Assert.Equal(sid, client.Sid);
        Assert.Equal(sid, back.Id);
        Assert.Equal(["room", sid], back.Rooms.Order(StringComparer.Ordinal).OrderBy(room => room == sid));
        Assert.Equal("Ada", back.Data.Get<string>("name"));
        Assert.Equal(["""["all","text"]""", """["room",{"a":1}]""", """["id"]""", """["socket",[1,2]]"""], await client.ReadAsync(4));
        await stage.Io.To("room").EmitAsync("live");
        Assert.Equal("""["live"]""", await client.ReadAsync());
        await client.Client.AssertAliveAsync();
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Fact]
    public async Task A_client_that_has_received_no_event_gets_all()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();

        await stage.CutAsync(client);
        await stage.Io.EmitAsync("missed");
        var back = await stage.ReturnAsync(client);

        Assert.True(client.Recovered && back.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task It_works_again_and_again_with_and_without_missed_events()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync("room");
        var sid = client.Sid;

        for (var i = 0; i < 6; i++)
        {
            await stage.CutAsync(client);
            if (i % 2 == 1) await stage.Io.To("room").EmitAsync("missed", i);
            Assert.True((await stage.ReturnAsync(client)).Recovered);
            Assert.Equal((true, sid), (client.Recovered, client.Sid));
            if (i % 2 == 1) Assert.Equal($"""["missed",{i}]""", await client.ReadAsync());
        }

        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_whose_old_connection_still_seems_open_gets_its_session_and_the_old_one_is_closed()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (old, socket) = await stage.JoinAsync("room");
        await socket.EmitAsync("first");
        await old.ReadAsync();
        await stage.Io.To("room").EmitAsync("lost on the way");
        var client = stage.CreateClient();
        (client.Pid, client.Offset) = (old.Pid, old.Offset);

        var back = await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.Equal(old.Sid, back.Id);
        Assert.Equal("""["lost on the way"]""", await client.ReadAsync());
        Assert.Equal(LeaveReason.TransportClose, await stage.CutAsync(old));
        await stage.Io.To("room").EmitAsync("live");
        await socket.EmitAsync("by the old socket");
        Assert.Equal(["""["live"]""", """["by the old socket"]"""], await client.ReadAsync(2));
        Assert.Equal(1, await stage.Io.CountAsync());
    }

    [Fact]
    public async Task A_client_that_lost_events_on_the_way_gets_them_by_the_rooms_of_their_time()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync("a");
        await socket.EmitAsync("last that arrived");
        await client.ReadAsync();
        await stage.Io.To("a").EmitAsync("in a");
        await stage.Io.To("b").EmitAsync("not in b yet");
        await socket.LeaveAsync("a");
        await socket.JoinAsync("b");
        await stage.Io.To("a").EmitAsync("not in a any more");
        await stage.Io.To("b").EmitAsync("in b");

        await stage.CutAsync(client);
        await stage.Io.To("a").EmitAsync("not in a any more");
        await stage.Io.To("b").EmitAsync("in b at the end");
        await stage.ReturnAsync(client);

        Assert.Equal(["""["in a"]""", """["in b"]""", """["in b at the end"]"""], await client.ReadAsync(3));
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_quiet_room_does_not_suffer_from_a_loud_one()
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxMessages = 10);
        var (client, socket) = await stage.JoinAsync("quiet");
        await socket.EmitAsync("long ago");
        await client.ReadAsync();
        for (var i = 0; i < 100; i++) await stage.Io.To("loud").EmitAsync("loud", i);

        await stage.CutAsync(client);
        await stage.Io.To("quiet").EmitAsync("missed");
        await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_volatile_event_with_a_text_does_not_spoil_what_the_client_remembers()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();
        await socket.EmitAsync("first");
        await client.ReadAsync();
        await client.Client.AssertAliveAsync();
        await socket.Volatile.EmitAsync("volatile", "a text");
        Assert.Equal("""["volatile","a text"]""", await client.ReadAsync());

        await stage.CutAsync(client);
        await stage.Io.EmitAsync("missed");
        await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Binary_is_kept_and_calls_are_not()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();

        await stage.CutAsync(client);
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => socket.CallAsync<int>("call"));
        await stage.Io.EmitAsync("bytes", new byte[] { 1, 2 });
        await stage.ReturnAsync(client);

        Assert.StartsWith("""451-["bytes",{"_placeholder":true,"num":0},""", await client.Client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("b:0102", await client.Client.ReadAsync());
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task What_is_sent_before_the_client_is_let_in_follows_what_it_missed()
    {
        await using var stage = await RecoveryStage.StartAsync(
            recovery => recovery.RunOnConnecting = true,
            io => io.OnConnecting((ISocket socket) => socket.EmitAsync("welcome", socket.Recovered)));
        var (client, _) = await stage.JoinAsync();
        Assert.Equal("""["welcome",false]""", await client.ReadAsync());

        await stage.CutAsync(client);
        await stage.Io.EmitAsync("missed");
        await stage.ReturnAsync(client);
        Assert.Equal(["""["missed"]""", """["welcome",true]"""], await client.ReadAsync(2));

        await stage.CutAsync(client);
        await stage.ReturnAsync(client);
        Assert.Equal("""["welcome",true]""", await client.ReadAsync());
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Several_namespaces_of_a_connection_come_back_each_by_itself()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (root, chat) = (await stage.CreateClient().ConnectAsync(), await stage.CreateClient("/chat").ConnectAsync());
        await stage.CutAsync(root);
        await stage.CutAsync(chat);
        await stage.Io.EmitAsync("to root");
        await stage.Io.Of("/chat").EmitAsync("to chat");

        await chat.ConnectAsync();
        await root.ConnectAsync();

        Assert.True(root.Recovered && chat.Recovered);
        Assert.Equal("""["to root"]""", await root.ReadAsync());
        Assert.Equal("""["to chat"]""", await chat.ReadAsync());
    }

    [Fact]
    public async Task Handlers_do_not_see_what_the_client_sends_for_its_recovery()
    {
        var seen = new Inbox<string>();
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.RunOnConnecting = true, io => io.OnConnecting((ISocket socket) => seen.Add(socket.Handshake.Auth.ToString())));
        var client = await stage.CreateClient().ConnectAsync("""{"token":"x","nested":{"pid":1}}""");
        await stage.CutAsync(client);
        await client.ConnectAsync("""{"token":"x","nested":{"pid":1}}""");
        await stage.CutAsync(client);
        await client.ConnectAsync();

        Assert.Equal(["""{"token":"x","nested":{"pid":1}}""", """{"token":"x","nested":{"pid":1}}""", ""], await seen.NextAsync(3));
    }

    [Fact]
    public async Task Old_clients_get_no_offsets_and_the_others_do()
    {
        await using var stage = await RecoveryStage.StartAsync();
        await using var old = await Wire.JoinOldAsync(stage.Host);
        var socket = await stage.NextSocketAsync();
        var (client, _) = await stage.JoinAsync();

        await stage.Io.EmitAsync("all", 1);
        await socket.EmitAsync("own", 2);

        Assert.Equal(["""42["all",1]""", """42["own",2]"""], await old.ReadAsync(2));
        Assert.Equal("""["all",1]""", await client.ReadAsync());
    }

    [Fact]
    public async Task No_lock_is_held_while_a_listener_of_metrics_hears_of_it()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);
        var isFree = new TaskCompletionSource<bool>();
        var meters = stage.Host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "socketio.server.recoveries" && instrument.Meter.Scope == meters) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => isFree.TrySetResult(Task.Run(() => stage.Io.EmitAsync("during").AsTask()).Wait(TestHost.Patience / 4)));
        listener.Start();

        await stage.ReturnAsync(client);

        Assert.True(await isFree.Task.Soon());
        Assert.Equal("""["during"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Without_the_option_nothing_is_added()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await stage.Io.EmitAsync("e", 1);

        Assert.Equal("""42["e",1]""", await member.ReadAsync());
        Assert.False(member.Socket.Recovered);
    }
}
