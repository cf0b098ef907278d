using System.Text;
using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Json;

namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>The messages of Node's sharded Redis adapter, byte for byte, and what is none of them.</summary>
public sealed class JsonWireTests
{
    private const string Foreign = "c72a8119b8363857";

    private static readonly WireLimits Limits = new();
    private static readonly PacketEncoder Encoder = new(new SocketServerOptions().Json, PacketParser.Json);

    public static TheoryData<string> Lines => [.. Captured.Json];

    public static TheoryData<RoomChannels, string, string> ByMode => [.. Captured.ByMode];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_captured_message_is_read_and_written_as_it_was(string line)
    {
        Assert.True(TryRead(line, out var message));

        Assert.Equal(line, Encoding.UTF8.GetString(new JsonWire().Write("/", message, Encoder)));
    }

    [Theory]
    [MemberData(nameof(ByMode))]
    public void A_captured_message_of_each_mode_goes_where_Node_sends_it(RoomChannels rooms, string channel, string line)
    {
        var wire = new JsonWire(rooms: rooms);
        Assert.True(wire.TryRead(channel, Encoding.UTF8.GetBytes(line), Limits, Encoder, out var message));

        Assert.Equal(channel, wire.ChannelOf("/", message));
        Assert.Equal(line, Encoding.UTF8.GetString(wire.Write("/", message, Encoder)));
    }

    [Fact]
    public void A_captured_message_with_binary_is_read_and_written_as_it_was()
    {
        Assert.True(TryRead(Convert.FromHexString(Captured.MessagePack), out var message));

        Assert.Equal("""["hi",{"_placeholder":true,"num":0}]""", Encoding.UTF8.GetString(message.Json.Span));
        Assert.Equal([1, 2], Assert.Single(message.Attachments).ToArray());
        Assert.True(message.Target is { IsVolatile: true, IsUncompressed: true, IsLocal: false });
        Assert.Equal(["room1", "room2"], message.Target.Rooms);
        Assert.Equal(["x"], message.Target.Except);
        Assert.Equal(Captured.MessagePack, Convert.ToHexStringLower(new JsonWire().Write("/", message, Encoder)));
    }

    [Fact]
    public void The_keys_of_ours_come_last()
    {
        var message = new ClusterMessage
        {
            Type = ClusterMessageType.Ack,
            Sender = Foreign,
            RequestId = "06f748fc7fdb5eed",
            Json = "\"yes\""u8.ToArray(),
            SocketId = "QDdz9lp0qyl9bsSNAAAA",
            NodeId = "AbCd",
            Number = 7,
        };

        var line = Encoding.UTF8.GetString(new JsonWire().Write("/é\"", message, Encoder));

        Assert.Equal(
            """{"type":12,"data":{"requestId":"06f748fc7fdb5eed","packet":"yes","sid":"QDdz9lp0qyl9bsSNAAAA"},"uid":"c72a8119b8363857","nsp":"/é\"","n":7,"node":"AbCd"}""", line);
        Assert.True(TryRead(line, out var read));
        Assert.Equal(("/é\"", "QDdz9lp0qyl9bsSNAAAA", "AbCd", 7L), (read.Namespace, read.SocketId, read.NodeId, read.Number));
    }

    [Fact]
    public void A_fetched_socket_has_its_user_data_and_handshake()
    {
        var data = new SocketData();
        data.Set("name", "é");
        data.Set("at", new Point(1, 2));
        data.Set("cannot be sent", (object)new Action(() => { }));
        var socket = new SocketSnapshot { Id = "a", UserId = "u", Rooms = ["a", "r"], Data = data, Handshake = new() { Address = "::1", Auth = JsonSerializer.SerializeToElement(new { t = 1 }) } };
        var written = new JsonWire().Write("/", new() { Type = ClusterMessageType.FetchResponse, Sender = Foreign, RequestId = "1", Sockets = [socket], NodeId = "AbCd" }, Encoder);

        Assert.True(TryRead(written, out var message));

        var read = Assert.Single(message.Sockets);
        Assert.Equal(("a", "u", "AbCd", "::1"), (read.Id, read.UserId, read.NodeId, read.Handshake.Address));
        Assert.Equal(["a", "r"], read.Rooms);
        Assert.Equal("é", read.Data.Get<string>("name"));
        Assert.Equal(new Point(1, 2), read.Data.Get<Point>("at"));
        Assert.False(read.Data.Contains("cannot be sent"));
        Assert.Equal("1", read.Handshake.Auth.GetProperty("t").GetRawText());
        Assert.Throws<InvalidCastException>(() => read.Data.Get<int>("name"));
    }

    [Theory]
    [InlineData("""{"uid":"u","nsp":"/","type":3,"data":{"opts":{"flags":{"expectSingleResponse":true}},"packet":{"nsp":"/","data":["a"],"type":2}},"later":[{}]}""")]
    [InlineData("""{"type":3,"data":{"packet":{"type":2,"data":["a"]},"opts":{"rooms":[]}},"uid":"emitter"}""")]
    [InlineData("""{"type":4,"data":{"opts":{},"rooms":["a"]},"uid":"emitter"}""")]
    [InlineData("""{"type":1,"uid":"u","nsp":"/"}""")]
    [InlineData("""{"type":12,"data":{"requestId":"1"},"uid":"u","nsp":"/"}""")]
    [InlineData("""{"type":12,"data":{"requestId":"1","packet":{"type":2,"data":1}},"uid":"u","nsp":"/"}""")]
    [InlineData("""{"type":999,"data":{"whatever":[1]},"uid":"u","nsp":"/"}""")]
    public void Keys_may_be_missing_unknown_and_in_any_order(string line) => Assert.True(TryRead(line, out _));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":3}{")]
    [InlineData("""{"type":"3","data":{"packet":{"data":["a"]},"opts":{}},"uid":"u"}""")]
    [InlineData("""{"type":3.5,"data":{"packet":{"data":["a"]},"opts":{}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{}}}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":7}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":""}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":"u","nsp":{}}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":{}},"opts":{}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":["a"],"opts":{}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{"rooms":"a"}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{"rooms":[1]}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{"rooms":["\ud800"]}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{"flags":[]}},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":[],"uid":"u"}""")]
    [InlineData("""{"type":4,"data":{"opts":{}},"uid":"u"}""")]
    [InlineData("""{"type":5,"data":{"rooms":["a"]},"uid":"u"}""")]
    [InlineData("""{"type":6,"data":{"opts":{},"close":1},"uid":"u"}""")]
    [InlineData("""{"type":6,"data":{},"uid":"u"}""")]
    [InlineData("""{"type":7,"data":{"opts":{}},"uid":"u"}""")]
    [InlineData("""{"type":8,"data":{"requestId":"1","sockets":{}},"uid":"u"}""")]
    [InlineData("""{"type":8,"data":{"requestId":"1","sockets":[1]},"uid":"u"}""")]
    [InlineData("""{"type":8,"data":{"requestId":"1","sockets":[{"id":1}]},"uid":"u"}""")]
    [InlineData("""{"type":8,"data":{"requestId":"1","sockets":[{"id":"a","rooms":[1]}]},"uid":"u"}""")]
    [InlineData("""{"type":8,"data":{"requestId":"1","sockets":[{"id":"a","handshake":{"issued":"x"}}]},"uid":"u"}""")]
    [InlineData("""{"type":9,"data":{"packet":"a"},"uid":"u"}""")]
    [InlineData("""{"type":10,"data":{"packet":1},"uid":"u"}""")]
    [InlineData("""{"type":11,"data":{"requestId":"1","clientCount":-1},"uid":"u"}""")]
    [InlineData("""{"type":11,"data":{"requestId":"1"},"uid":"u"}""")]
    [InlineData("""{"type":12,"data":{"requestId":1},"uid":"u"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":"u","n":-1}""")]
    public void What_has_another_type_than_it_must_have_is_refused(string line) => Assert.False(TryRead(line, out _));

    [Fact]
    public void What_is_too_deep_too_large_or_has_too_many_rooms_is_refused()
    {
        Assert.True(TryRead(Event(Nested(63)), out _));
        Assert.False(TryRead(Event(Nested(64)), out _));
        Assert.False(TryRead(Event(Nested(10_000)), out _));
        Assert.True(TryRead(Rooms(1000), out _));
        Assert.False(TryRead(Rooms(1001), out _));
        Assert.False(TryRead(Event($"\"{new string('x', 10 << 20)}\""), out _));
        Assert.False(TryRead([.. "{\"type\":1,\"uid\":\""u8, 0xff, .. "\"}"u8], out _));
        // MessagePack that announces more than is there: an array of 4 billion, 10,000 arrays in each other.
        Assert.False(TryRead([0xdd, 0xff, 0xff, 0xff, 0xff], out _));
        Assert.False(TryRead([.. Enumerable.Repeat((byte)0x91, 10_000)], out _));
        // More behind the message, which notepack.io refuses, too.
        Assert.False(TryRead([.. Convert.FromHexString(Captured.MessagePack), 0xc0], out _));
    }

    [Fact]
    public void No_prefix_and_no_mutation_throws()
    {
        byte[][] all = [.. Captured.Json.Concat(Captured.ByMode.Select(line => line.Text)).Select(Encoding.UTF8.GetBytes), Convert.FromHexString(Captured.MessagePack)];
        foreach (var bytes in all)
        {
            for (var length = 0; length < bytes.Length; length++) Assert.False(TryRead(bytes[..length], out _));
        }

        var random = new Random(18);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = (byte[])all[random.Next(all.Length)].Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (TryRead(bytes, out var message)) new JsonWire().Write("/", message, Encoder);
        }
    }

    [Theory]
    [InlineData(RoomChannels.Static, "socket.io#/#", "socket.io#/#", "socket.io#/#")]
    [InlineData(RoomChannels.Dynamic, "socket.io#/#room1#", "socket.io#/#", "socket.io#/#/chat#5Ex8HMZkjxtRtyYZAAAA#")]
    [InlineData(RoomChannels.DynamicPrivate, "socket.io#/#room1#", "socket.io#/#12345678901234567890#", "socket.io#/#/chat#5Ex8HMZkjxtRtyYZAAAA#")]
    public void An_event_for_one_room_goes_where_Node_publishes_it(RoomChannels rooms, string room, string ofTwenty, string ofOldClient)
    {
        var wire = new JsonWire(rooms: rooms);

        Assert.Equal(room, wire.ChannelOf("/", For("room1")));
        Assert.Equal(ofTwenty, wire.ChannelOf("/", For("12345678901234567890")));
        Assert.Equal(ofOldClient, wire.ChannelOf("/", For("/chat#5Ex8HMZkjxtRtyYZAAAA")));
        Assert.Equal("socket.io#/#", wire.ChannelOf("/", For()));
        Assert.Equal("socket.io#/#", wire.ChannelOf("/", For("room1", "room2")));
        Assert.Equal("socket.io#/#", wire.ChannelOf("/", For("room1") with { RequestId = "1" }));
        Assert.Equal("socket.io#/#", wire.ChannelOf("/", For("room1") with { Type = ClusterMessageType.Join }));
        Assert.Equal("socket.io#/#c72a8119b8363857#", wire.ChannelOf("/", For() with { Type = ClusterMessageType.AckCount, Receiver = Foreign }));
    }

    [Theory]
    [InlineData(RoomChannels.Static, null, null, null)]
    [InlineData(RoomChannels.Dynamic, "socket.io#/#room1#", null, "socket.io#/#/chat#5Ex8HMZkjxtRtyYZAAAA#")]
    [InlineData(RoomChannels.DynamicPrivate, "socket.io#/#room1#", "socket.io#/#5Ex8HMZkjxtRtyYZAAAA#", "socket.io#/#/chat#5Ex8HMZkjxtRtyYZAAAA#")]
    public void A_server_listens_to_the_rooms_of_its_sockets(RoomChannels rooms, string? room, string? own, string? ofOldClient)
    {
        var wire = new JsonWire(rooms: rooms);

        Assert.Equal(room, wire.RoomChannel("/", "room1", isSocketId: false)?.Name);
        Assert.Equal(own, wire.RoomChannel("/", "5Ex8HMZkjxtRtyYZAAAA", isSocketId: true)?.Name);
        Assert.Equal(ofOldClient, wire.RoomChannel("/", "/chat#5Ex8HMZkjxtRtyYZAAAA", isSocketId: true)?.Name);
        Assert.Equal([new("socket.io#/#")], wire.ChannelsOf("/"));
        Assert.Equal([new("socket.io#/#c72a8119b8363857#")], wire.AnswerChannels("/", Foreign));
    }

    private static bool TryRead(string line, out ClusterMessage message) => TryRead(Encoding.UTF8.GetBytes(line), out message);

    private static bool TryRead(byte[] bytes, out ClusterMessage message) => new JsonWire().TryRead("socket.io#/#", bytes, Limits, Encoder, out message);

    private static ClusterMessage For(params string[] rooms) => new() { Type = ClusterMessageType.Broadcast, Sender = Foreign, Target = Target.Everyone.To(rooms) };

    private static string Event(string argument) => $$$"""{"type":3,"data":{"packet":{"type":2,"data":["a",{{{argument}}}]},"opts":{}},"uid":"u","nsp":"/"}""";

    private static string Rooms(int count) => $$"""{"type":4,"data":{"opts":{},"rooms":[{{string.Join(',', Enumerable.Repeat("\"r\"", count))}}]},"uid":"u","nsp":"/"}""";

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private sealed record Point(int X, int Y);
}
