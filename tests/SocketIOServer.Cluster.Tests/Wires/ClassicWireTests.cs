using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>The messages of Node's classic Redis adapter and of its emitter, byte for byte, and what is none of them.</summary>
public sealed class ClassicWireTests
{
    private const string Events = "socket.io#/#";
    private const string Requests = "socket.io-request#/#";
    private const string Responses = "socket.io-response#/#";

    private static readonly WireLimits Limits = new();
    private static readonly PacketEncoder Encoder = new(new SocketServerOptions().Json, PacketParser.Json);
    private static readonly ClassicWire Wire = new();

    public static TheoryData<string, string> Lines => [.. CapturedClassic.Json.Select(line => (line.Channel, line.Text))];

    public static TheoryData<string, string> Packed => [.. CapturedClassic.MessagePack.Select(line => (line.Channel, line.Hex))];

    public static TheoryData<string, byte[]> EmittedMore => [.. CapturedClassic.EmitterMore.Select(line => (line.Channel, line.Bytes))];

    public static TheoryData<string, byte[]> Emitted => [.. CapturedClassic.Emitter.Select(line => (line.Channel, line.Bytes))];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_captured_message_is_read_and_written_as_it_was(string channel, string line)
    {
        Assert.True(TryRead(channel, line, out var message));

        Assert.Equal(line, Encoding.UTF8.GetString(Wire.Write("/", message, Encoder)));
    }

    [Theory]
    [MemberData(nameof(Packed))]
    public void A_captured_message_in_MessagePack_is_read_and_written_as_it_was(string channel, string hex)
    {
        Assert.True(TryRead(channel, Convert.FromHexString(hex), out var message));

        Assert.Equal(hex, Convert.ToHexStringLower(Wire.Write("/", message, Encoder)));
        if (message.Type == ClusterMessageType.Broadcast) Assert.Equal(channel, Wire.ChannelOf("/", message));
    }

    [Theory]
    [MemberData(nameof(EmittedMore))]
    public void Every_message_of_the_emitter_is_read_and_belongs_on_its_channel(string channel, byte[] bytes)
    {
        var name = channel.Split('#')[1];

        Assert.True(TryRead(channel, bytes, out var message));

        Assert.Equal("emitter", message.Sender);
        Assert.Equal(channel, Wire.ChannelOf(name, message));
        // Ours differs in the order of keys, and in a uid where the emitter has none.
        Assert.True(TryRead(channel, Wire.Write(name, message, Encoder), out var again));
        Assert.Equal((message.Type, message.Target.Rooms.Length, message.Target.Except.Length, message.Close), (again.Type, again.Target.Rooms.Length, again.Target.Except.Length, again.Close));
        Assert.Equal(message.Json.ToArray(), again.Json.ToArray());
    }

    [Theory]
    [MemberData(nameof(Emitted))]
    public void What_the_emitter_sends_is_read(string channel, byte[] bytes)
    {
        Assert.True(TryRead(channel, bytes, out var message));

        Assert.Equal("emitter", message.Sender);
        Assert.Equal(["room1"], message.Target.Rooms);
        Assert.True(message.Type != ClusterMessageType.Disconnect || message.Close);
    }

    [Fact]
    public void The_parts_of_an_event_are_what_Node_means_by_them()
    {
        Assert.True(TryRead(Events, Convert.FromHexString(CapturedClassic.MessagePack[2].Hex), out var message));

        Assert.Equal(("D5r7UP", "/", ClusterMessageType.Broadcast), (message.Sender, message.Namespace, message.Type));
        Assert.Equal("""["hi",{"_placeholder":true,"num":0}]""", Encoding.UTF8.GetString(message.Json.Span));
        Assert.Equal([1, 2], Assert.Single(message.Attachments).ToArray());
        Assert.True(message.Target is { IsVolatile: true, IsUncompressed: true, IsLocal: false });
        Assert.Equal(["room1", "room2"], message.Target.Rooms);
        Assert.Equal(["x"], message.Target.Except);
    }

    [Theory]
    [InlineData(ClusterMessageType.Broadcast, false)]
    [InlineData(ClusterMessageType.Broadcast, true)]
    [InlineData(ClusterMessageType.Join, false)]
    [InlineData(ClusterMessageType.Fetch, true)]
    [InlineData(ClusterMessageType.Count, true)]
    [InlineData(ClusterMessageType.Rooms, true)]
    [InlineData(ClusterMessageType.ServerEvent, true)]
    internal void A_message_of_ours_has_its_number(ClusterMessageType type, bool isQuestion)
    {
        var message = new ClusterMessage
        {
            Type = type,
            Sender = "AbCdEf",
            RequestId = isQuestion ? "123456" : null,
            Json = """["e",{"_placeholder":true,"num":0}]"""u8.ToArray(),
            Attachments = [new byte[] { 7 }],
            Rooms = ["r"],
            Target = Target.Everyone.To("a"),
            Number = 5_000_000_000,
        };

        Assert.True(TryRead(isQuestion || type != ClusterMessageType.Broadcast ? Requests : Events, Wire.Write("/é\"", message, Encoder), out var read));

        Assert.Equal((type, "AbCdEf", 5_000_000_000, message.RequestId), (read.Type, read.Sender, read.Number, read.RequestId));
        if (type == ClusterMessageType.Broadcast) Assert.Equal("/é\"", read.Namespace);
    }

    [Theory]
    [InlineData(ClusterMessageType.AckCount)]
    [InlineData(ClusterMessageType.Ack)]
    [InlineData(ClusterMessageType.AckLeft)]
    [InlineData(ClusterMessageType.Failed)]
    [InlineData(ClusterMessageType.FetchResponse)]
    [InlineData(ClusterMessageType.RoomsResponse)]
    [InlineData(ClusterMessageType.CountResponse)]
    [InlineData(ClusterMessageType.ServerEventResponse)]
    internal void An_answer_of_ours_names_its_server_and_its_socket(ClusterMessageType type)
    {
        var message = new ClusterMessage
        {
            Type = type,
            Sender = "AbCdEf",
            Receiver = "D5r7UP",
            RequestId = "123456",
            NodeId = "node",
            SocketId = "socket",
            Json = "[1]"u8.ToArray(),
            Rooms = ["a", "b"],
            Count = 2,
        };

        Assert.True(TryRead(Responses, Wire.Write("/", message, Encoder), out var read));

        Assert.Equal((type, "AbCdEf", "123456", "node", "socket"), (read.Type, read.Sender, read.RequestId, read.NodeId, read.SocketId));
        Assert.Equal("socket.io-response#/#D5r7UP#", Wire.ChannelOf("/", message));
    }

    [Theory]
    [InlineData(Responses, """{"requestId":"1"}""")]
    [InlineData(Responses, """{"type":99,"requestId":"1"}""")]
    [InlineData(Requests, """{"type":0,"uid":"u","requestId":"1","rooms":[]}""")]
    [InlineData(Requests, """{"type":77,"uid":"u","requestId":"1"}""")]
    public void What_is_of_no_known_type_asks_and_answers_nothing(string channel, string line)
    {
        Assert.True(TryRead(channel, line, out var message));

        Assert.Null(message.RequestId);
    }

    [Theory]
    [InlineData(Events, "")]
    [InlineData(Events, """{"uid":"u","type":2,"opts":{},"rooms":["a"]}""")]
    [InlineData(Requests, """{}""")]
    [InlineData(Requests, """{"uid":"u"}""")]
    [InlineData(Requests, """{"uid":"u","type":"2","opts":{},"rooms":["a"]}""")]
    [InlineData(Requests, """{"uid":"u","type":-1}""")]
    [InlineData(Requests, """{"uid":7,"type":2,"opts":{},"rooms":["a"]}""")]
    [InlineData(Requests, """{"uid":"u","type":2,"opts":{}}""")]
    [InlineData(Requests, """{"uid":"u","type":2,"opts":[],"rooms":["a"]}""")]
    [InlineData(Requests, """{"uid":"u","type":2,"rooms":["a"]}""")]
    [InlineData(Requests, """{"uid":"u","type":3,"opts":{"rooms":[1]},"rooms":["a"]}""")]
    [InlineData(Requests, """{"uid":"u","type":4,"opts":{},"close":"yes"}""")]
    [InlineData(Requests, """{"uid":"u","type":5,"opts":{}}""")]
    [InlineData(Requests, """{"uid":"u","type":6,"data":"a"}""")]
    [InlineData(Requests, """{"uid":"u","type":7,"requestId":"1","packet":["a"],"opts":{}}""")]
    [InlineData(Requests, """{"uid":"u","type":2,"opts":{},"rooms":["a"]}{""")]
    [InlineData(Responses, """{"requestId":1,"sockets":[]}""")]
    [InlineData(Responses, """{"requestId":"1","sockets":{}}""")]
    [InlineData(Responses, """{"requestId":"1","sockets":[{"id":1}]}""")]
    [InlineData(Responses, """{"requestId":"1","rooms":[1]}""")]
    [InlineData(Responses, """{"type":8,"requestId":"1","clientCount":"1"}""")]
    [InlineData(Responses, """{"type":9,"packet":1}""")]
    public void What_has_another_type_than_it_must_have_is_refused(string channel, string line) => Assert.False(TryRead(channel, line, out _));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""["u"]""")]
    [InlineData("""["u",{"type":2,"data":["e"],"nsp":"/"}]""")]
    [InlineData("""[1,{"type":2,"data":["e"],"nsp":"/"},{}]""")]
    [InlineData("""["",{"type":2,"data":["e"],"nsp":"/"},{}]""")]
    [InlineData("""["u",{"type":2,"data":"e","nsp":"/"},{}]""")]
    [InlineData("""["u",{"type":2,"data":["e"],"nsp":7},{}]""")]
    [InlineData("""["u",["e"],{}]""")]
    [InlineData("""["u",{"type":2,"data":["e"],"nsp":"/"},[]]""")]
    [InlineData("""["u",{"type":2,"data":["e"],"nsp":"/"},{"rooms":{}}]""")]
    [InlineData("""["u",{"type":2,"data":["e"],"nsp":"/"},{"flags":{"volatile":1}}]""")]
    [InlineData("""["u",{"type":2,"data":["e"],"nsp":"/"},{},"n"]""")]
    public void An_event_that_is_not_well_formed_is_refused(string json)
    {
        using var packed = ByteScratch.Take();
        new MessagePackTranscoder([], packed).WriteJson(Encoding.UTF8.GetBytes(json));

        Assert.False(TryRead(Events, packed.Written.ToArray(), out _));
    }

    [Fact]
    public void No_prefix_and_no_mutation_throws()
    {
        (string Channel, byte[] Bytes)[] all =
        [
            .. CapturedClassic.Json.Select(line => (line.Channel, Encoding.UTF8.GetBytes(line.Text))),
            .. CapturedClassic.MessagePack.Select(line => (line.Channel, Convert.FromHexString(line.Hex))),
            .. CapturedClassic.EmitterMore,
        ];
        foreach (var (channel, bytes) in all)
        {
            for (var length = 0; length < bytes.Length; length++) Assert.False(TryRead(channel, bytes[..length], out _));
        }

        Assert.False(TryRead(Events, [0xdd, 0xff, 0xff, 0xff, 0xff], out _));
        Assert.False(TryRead(Events, [.. Enumerable.Repeat((byte)0x91, 10_000)], out _));
        var random = new Random(18);
        for (var i = 0; i < 200_000; i++)
        {
            var (channel, source) = all[random.Next(all.Length)];
            var bytes = (byte[])source.Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            TryRead(channel, bytes, out _);
        }
    }

    [Fact]
    public void Channels_are_those_of_Node()
    {
        Assert.Equal([new("socket.io#/chat#", IsPrefix: true), new("socket.io-request#/chat#")], Wire.ChannelsOf("/chat"));
        Assert.Equal([new("socket.io-response#/chat#D5r7UP#"), new("socket.io-response#/chat#")], Wire.AnswerChannels("/chat", "D5r7UP"));
        Assert.Equal("socket.io-request#/chat#", Wire.CountChannel("/chat"));
        Assert.Null(Wire.RoomChannel("/chat", "room1", isSocketId: false));
        Assert.Matches("^[A-Za-z0-9_-]{6}$", Wire.NewId());
    }

    private static bool TryRead(string channel, string line, out ClusterMessage message) => TryRead(channel, Encoding.UTF8.GetBytes(line), out message);

    private static bool TryRead(string channel, byte[] bytes, out ClusterMessage message) => Wire.TryRead(channel, bytes, Limits, Encoder, out message);
}
