using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.Json;

namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>The messages of Node's PostgreSQL adapter and of its emitter, byte for byte, and what is none of them.</summary>
public sealed class PostgresWireTests
{
    private static readonly PostgresWire Wire = new();
    private static readonly PacketEncoder Encoder = new(new SocketServerOptions().Json, PacketParser.Json);

    public static TheoryData<string> Lines => [.. CapturedPostgres.Json];

    public static TheoryData<string> EmitterLines => [.. CapturedPostgres.Emitter];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_captured_message_is_read_and_written_as_it_was(string line)
    {
        Assert.True(TryRead(Encoding.UTF8.GetBytes(line), out var message));

        Assert.Equal(line, Encoding.UTF8.GetString(Wire.Write("/", message, Encoder)));
    }

    [Fact]
    public void A_captured_message_of_the_table_is_read_and_written_as_it_was()
    {
        Assert.True(TryRead(Convert.FromHexString(CapturedPostgres.Attachment), out var message));

        var written = Wire.Write("/", message, Encoder);

        Assert.Equal((byte[])[.. Encoding.UTF8.GetBytes(CapturedPostgres.Head), PostgresWire.AttachmentMark, .. Convert.FromHexString(CapturedPostgres.Attachment)], written);
        Assert.True(TryRead(written, out var read));
        Assert.Equal([1, 2], Assert.Single(read.Attachments).ToArray());
    }

    [Theory]
    [MemberData(nameof(EmitterLines))]
    public void The_emitter_names_no_namespace(string line)
    {
        Assert.True(TryRead(Encoding.UTF8.GetBytes(line), out var message));

        Assert.Null(message.Namespace);
        Assert.Equal("emitter", message.Sender);
    }

    [Fact]
    public void The_emitter_puts_binary_into_the_table()
    {
        Assert.True(TryRead(Convert.FromHexString(CapturedPostgres.EmitterAttachment), out var message));

        Assert.Equal([1], Assert.Single(message.Attachments).ToArray());
    }

    [Theory]
    [InlineData(7999, false)]
    [InlineData(8000, true)]
    [InlineData(8001, true)]
    public void What_is_longer_than_a_notification_goes_into_the_table(int length, bool isAttachment)
    {
        var bare = Wire.Write("/", Event(""), Encoder).Length;

        var written = Wire.Write("/", Event(new('x', length - bare)), Encoder);

        Assert.Equal(isAttachment, written.Contains(PostgresWire.AttachmentMark));
        if (!isAttachment) Assert.Equal(length, written.Length);
        Assert.True(TryRead(written, out var read));
        Assert.Equal(Event(new('x', length - bare)).Json.ToArray(), read.Json.ToArray());
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/a\"b'; DROP TABLE x; --", true)]
    [InlineData("/a\0b", false)]
    public void A_name_with_a_character_that_PostgreSQL_does_not_have_has_no_channel(string name, bool canCarry) => Assert.Equal(canCarry, Wire.CanCarry(name));

    [Fact]
    public void A_name_has_at_most_53_bytes()
    {
        Assert.True(Wire.CanCarry("/" + new string('x', 52)));
        Assert.False(Wire.CanCarry("/" + new string('x', 53)));
        Assert.True(Wire.CanCarry("/" + new string('é', 26)));
        Assert.False(Wire.CanCarry("/" + new string('é', 27)));
    }

    [Fact]
    public void All_messages_of_a_namespace_have_one_channel()
    {
        Assert.Equal([new("socket.io#/chat")], Wire.ChannelsOf("/chat"));
        Assert.Equal([new("socket.io#/chat")], Wire.AnswerChannels("/chat", "5e5b23ce595cde37"));
        Assert.Equal("socket.io#/chat", Wire.ChannelOf("/chat", Event("") with { Receiver = "86a200b053682158", Target = Target.Everyone.To(["room1"]) }));
        Assert.Null(Wire.RoomChannel("/chat", "room1", isSocketId: false));
    }

    private static bool TryRead(byte[] bytes, out ClusterMessage message) => Wire.TryRead("socket.io#/", bytes, new(), Encoder, out message);

    private static ClusterMessage Event(string text) => new() { Type = ClusterMessageType.Broadcast, Sender = "5e5b23ce595cde37", Json = Encoding.UTF8.GetBytes($"[\"edge\",\"{text}\"]") };
}
