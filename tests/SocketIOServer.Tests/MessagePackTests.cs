using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Parcel = (int Number, byte[] Bytes);

namespace SocketIOServer.Tests;

/// <summary>The other parser, on the wire: every packet one binary message of one map. socket.io-msgpack-parser 2 and 3.</summary>
public sealed class MessagePackTests
{
    // {"type":0,"nsp":"/"}, as client 4 has it: with undefined data.
    private const string Connect = "83 a474797065 00 a464617461 d40000 a36e7370 a12f";
    private const string Connected = "b:83a47479706500a36e7370a12fa46461746181a3736964b4";
    private const string EventOfRoot = "84 a474797065 02 a36e7370 a12f a26964 01 a464617461 ";
    private const string AckOfRoot = "b:84a47479706503a36e7370a12fa2696401a464617461";

    [Fact]
    public async Task A_client_joins_and_learns_its_id()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        var reply = await client.AskBytesAsync(Connect);

        // The id's twenty letters are all that is left behind the head.
        Assert.StartsWith(Connected, reply, StringComparison.Ordinal);
        Assert.Equal(Connected.Length + 40, reply.Length);
    }

    [Fact]
    public async Task Credentials_come_with_the_connect_packet()
    {
        var auth = new Inbox<string>();
        await using var host = await StartAsync(io => io.Of("/chat").OnConnected((Handshake handshake) => auth.Add(handshake.Auth.GetRawText())));
        await using var client = await SocketClient.ConnectAsync(host);

        await client.SendHexAsync("83 a474797065 00 a464617461 81a5746f6b656e a3c3a978 a36e7370 a52f63686174");

        Assert.Equal("""{"token":"éx"}""", await auth.NextAsync());
    }

    [Fact]
    public async Task A_refusal_has_its_message_and_data()
    {
        await using var host = await StartAsync(io => io.Of("/deny").OnConnecting(void (ISocket _) => throw new ConnectionRefusedException("no", new { code = 7 })));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("b:83a47479706504a36e7370a52f64656e79a46461746182a76d657373616765a26e6fa46461746181a4636f646507", await client.AskBytesAsync("82 a474797065 00 a36e7370 a52f64656e79"));
        Assert.StartsWith(Connected, await client.AskBytesAsync(Connect), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("93 a3616464 02 03", "9105")]
    [InlineData("93 a3616464 cb4000000000000000 ca40400000", "9105")]
    [InlineData("92 a66c656e677468 c403010203", "9103")]
    [InlineData("92 a66c656e677468 c7030001 0203", "9103")]
    [InlineData("92 a56279746573 02", "91c4020202")]
    [InlineData("91 a4626f7468", "9207c40109")]
    [InlineData("91 a76e6f7468696e67", "90")]
    [InlineData("92 a3646179 d70000000174876e807b", "910d")]
    [InlineData("93 a46563686f cb3ff8000000000000 81a162c40107", "92cb3ff800000000000081a162c40107")]
    public async Task A_handler_is_asked_and_answers(string data, string ack)
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);

        var answer = await client.AskBytesAsync(EventOfRoot + data);

        Assert.Equal(AckOfRoot + ack, answer);
    }

    [Fact]
    public async Task The_client_is_asked_and_answers()
    {
        var answers = new Inbox<string>();
        await using var host = await StartAsync(io => io.On("ask me", async (ISocket socket) =>
            answers.Add(Convert.ToHexString(await socket.CallAsync<byte[]>("q", new byte[] { 5 })))));
        await using var client = await JoinAsync(host);

        var question = await client.AskBytesAsync("83 a474797065 02 a36e7370 a12f a464617461 91a661736b206d65");
        await client.SendHexAsync("84 a474797065 03 a26964 00 a464617461 91c4020607 a36e7370 a12f");

        Assert.Equal("b:84a47479706502a36e7370a12fa2696400a46461746192a171c40105", question);
        Assert.Equal("0607", await answers.NextAsync());
    }

    [Fact]
    public async Task Everyone_is_asked_with_the_same_bytes_and_an_id_of_its_own()
    {
        var replies = new Inbox<int>();
        await using var host = await StartAsync(io => io
            .On("first", (ISocket socket) => socket.CallAsync<int>("q"))
            .On("all", async (ISocket socket) => replies.Add((await socket.Everyone.CallAsync<int>("q", new byte[] { 5 })).Replies.Values.Sum())));
        await using var one = await JoinAsync(host);
        await using var two = await JoinAsync(host);
        await one.AskBytesAsync("83 a474797065 02 a36e7370 a12f a464617461 91a56669727374");
        await one.SendHexAsync("84 a474797065 03 a26964 00 a464617461 9101 a36e7370 a12f");

        await two.SendHexAsync("83 a474797065 02 a36e7370 a12f a464617461 91a3616c6c");

        Assert.Equal("b:84a47479706502a36e7370a12fa2696401a46461746192a171c40105", await one.ReadAsync());
        Assert.Equal("b:84a47479706502a36e7370a12fa2696400a46461746192a171c40105", await two.ReadAsync());
        await one.SendHexAsync("84 a474797065 03 a26964 01 a464617461 9114 a36e7370 a12f");
        await two.SendHexAsync("84 a474797065 03 a26964 00 a464617461 9116 a36e7370 a12f");
        Assert.Equal(42, await replies.NextAsync());
    }

    [Fact]
    public async Task A_broadcast_reaches_both_revisions_over_both_transports()
    {
        const string Expected = "83a47479706502a36e7370a12fa46461746192a46e657773c40107";
        await using var host = await StartAsync();
        await using var socket = await JoinAsync(host);
        await using var old = await SocketClient.ConnectAsync(host, eio: 3);
        Assert.Equal("b:0482a47479706500a36e7370a12f", await old.ReadAsync());
        var polling = await PollingClient.ConnectAsync(host);
        await polling.PostAsync("b" + Convert.ToBase64String(Bytes(Connect)));
        await polling.PollAsync();

        await host.Io.EmitAsync("news", new byte[] { 7 });

        Assert.Equal("b:" + Expected, await socket.ReadAsync());
        Assert.Equal("b:04" + Expected, await old.ReadAsync());
        Assert.Equal("b" + Convert.ToBase64String(Bytes(Expected)), await polling.PollAsync());
    }

    [Fact]
    public async Task A_client_leaves_and_is_made_to_leave()
    {
        await using var host = await StartAsync(io => io.On("kick", (ISocket socket) => socket.DisconnectAsync()));
        await using var client = await JoinAsync(host);

        await client.SendHexAsync("82 a474797065 01 a36e7370 a12f");
        Assert.StartsWith(Connected, await client.AskBytesAsync(Connect), StringComparison.Ordinal);

        Assert.Equal("b:82a47479706501a36e7370a12f", await client.AskBytesAsync("83 a474797065 02 a36e7370 a12f a464617461 91a46b69636b"));
    }

    // socket.io-msgpack-parser 2 says CONNECT and DISCONNECT in JSON.
    [Fact]
    public async Task An_old_client_joins_with_a_query()
    {
        var queries = new Inbox<string?>();
        await using var host = await StartAsync(io => io.Of("/chat").OnConnected((Handshake handshake) => queries.Add(handshake.Query["token"])));
        await using var client = await SocketClient.ConnectAsync(host, eio: 3);
        await client.ReadAsync();

        var reply = await client.AskAsync("""4{"type":0,"query":"token=1","nsp":"/chat?token=1"}""");

        Assert.Equal("b:0482a47479706500a36e7370a52f63686174", reply);
        Assert.Equal("1", await queries.NextAsync());
    }

    [Theory]
    [InlineData("40")]
    [InlineData("42[\"e\"]")]
    [InlineData("""4{"type":0,"nsp":"/"}""")]
    [InlineData("4")]
    public async Task A_client_with_the_other_parser_is_disconnected(string text)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("closed 1000", await client.AskAsync(text));
        Assert.Empty(host.Log.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c1")]
    [InlineData("84 a474797065 02")]
    [InlineData("83 a474797065 02 a36e7370 a12f a464617461 ddffffffff")]
    [InlineData("83 a474797065 02 a36e7370 a12f a464617461 92a165d600000000 00")]
    [InlineData("83 a474797065 04 a36e7370 a12f a464617461 80")]
    public async Task What_is_no_packet_closes_the_connection(string hex)
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);

        Assert.Equal("closed 1000", await client.AskBytesAsync(hex));
        Assert.Empty(host.Log.Errors);
    }

    // It is an object like any other, and no bytes: neither for a handler that takes anything nor for one that wants bytes.
    [Fact]
    public async Task A_forged_placeholder_is_plain_data()
    {
        const string Forged = "82 ac5f706c616365686f6c646572 c3 a36e756d 00";
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);

        Assert.Equal(AckOfRoot + "91" + Compact(Forged), await client.AskBytesAsync($"{EventOfRoot} 92 a46563686f {Forged}"));
        Assert.Equal(AckOfRoot + "9181a56572726f72b1696e76616c696420617267756d656e7473", await client.AskBytesAsync($"{EventOfRoot} 92 a66c656e677468 {Forged}"));
    }

    [Fact]
    public async Task Two_servers_of_an_application_may_speak_different_ones()
    {
        await using var host = await TestHost.StartAsync(
            io => io.OnPing(),
            build: builder => builder.Services.AddSocketIO("packed", options => options.Parser = PacketParser.MessagePack),
            use: app => app.MapSocketIO("/packed", "packed").On("count", (byte[][] all) => all.Length));
        await using var json = await SocketClient.JoinAsync(host);
        await using var packed = await SocketClient.ConnectAsync(host, path: "/packed/");
        await packed.AskBytesAsync(Connect);

        Assert.Equal(AckOfRoot + "9102", await packed.AskBytesAsync($"{EventOfRoot} 92 a5636f756e74 92 c400 c40101"));
        await json.AssertAliveAsync();
    }

    [Fact]
    public async Task A_server_without_a_parser_is_refused() =>
        await Assert.ThrowsAsync<ArgumentNullException>(() => TestHost.StartAsync(options: options => options.Parser = null!));

    private static Task<TestHost> StartAsync(Action<SocketEndpointBuilder>? map = null) => TestHost.StartAsync(
        io =>
        {
            io.On("add", (int a, int b) => a + b)
                .On("length", (byte[] data) => data.Length)
                .On("bytes", (int count) => Enumerable.Repeat((byte)2, count).ToArray())
                .On("both", Parcel () => (7, [9]))
                .On("nothing", () => { })
                .On("day", (DateTimeOffset date) => int.Parse(date.ToString("dd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
                .On("echo", (JsonNode?[] args) => new AckArguments(args));
            map?.Invoke(io);
        },
        options => options.Parser = PacketParser.MessagePack);

    private static async Task<SocketClient> JoinAsync(TestHost host)
    {
        var client = await SocketClient.ConnectAsync(host);
        await client.AskBytesAsync(Connect);
        return client;
    }

    private static string Compact(string hex) => hex.Replace(" ", "", StringComparison.Ordinal);

    private static byte[] Bytes(string hex) => Convert.FromHexString(Compact(hex));
}
