using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Emits;

/// <summary>socket.io-protocol, "Packet encoding": placeholders in the text, the attachments right behind it.</summary>
public sealed class BinaryEmitTests
{
    [Fact]
    public async Task Binary_is_found_wherever_it_stands_in_the_order_of_the_text()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.EmitAsync("e", new { a = new byte[] { 1 }, b = (object[])[new ReadOnlyMemory<byte>([2]), "x"] }, new Memory<byte>([3]));

        Assert.Equal(
            [
                """453-["e",{"a":{"_placeholder":true,"num":0},"b":[{"_placeholder":true,"num":1},"x"]},{"_placeholder":true,"num":2}]""",
                "b:01", "b:02", "b:03",
            ],
            await member.Client.ReadAsync(4));
    }

    [Fact]
    public async Task A_stream_goes_out_from_where_it_stands()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        using var stream = new MemoryStream([1, 2, 3]);
        stream.ReadByte();

        await member.Socket.EmitAsync("e", stream, new { file = (Stream)new MemoryStream([4]) });

        Assert.Equal(
            ["""452-["e",{"_placeholder":true,"num":0},{"file":{"_placeholder":true,"num":1}}]""", "b:0203", "b:04"],
            await member.Client.ReadAsync(3));
    }

    [Fact]
    public async Task Empty_binary_is_an_attachment()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.EmitAsync("e", Array.Empty<byte>());

        Assert.Equal(["""451-["e",{"_placeholder":true,"num":0}]""", "b:"], await member.Client.ReadAsync(2));
    }

    [Fact]
    public async Task A_broadcast_carries_its_attachments_to_every_client()
    {
        await using var stage = await Stage.StartAsync();
        var members = new[] { await stage.JoinAsync(), await stage.JoinAsync() };

        await stage.Io.EmitAsync("e", new byte[] { 7 });

        foreach (var member in members)
            Assert.Equal(["""451-["e",{"_placeholder":true,"num":0}]""", "b:07"], await member.Client.ReadAsync(2));
    }

    // Client 4.x closes its connection at a placeholder without an attachment ("illegal attachments"), whatever else the object has.
    [Theory]
    [InlineData("""{"_placeholder":true,"num":99}""")]
    [InlineData("""{"_placeholder":true,"num":0}""")]
    [InlineData("""[{"a":{"_placeholder":true}}]""")]
    [InlineData("""{"num":99,"x":{},"_placeholder":true}""")]
    [InlineData("""{"_pl\u0061ceholder":true,"num":99}""")]
    public async Task An_object_that_receivers_take_for_binary_is_not_sent_beside_binary(string json)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var file = new byte[] { 1 };
        var element = JsonDocument.Parse(json).RootElement;

        await Assert.ThrowsAsync<JsonException>(async () => await member.Socket.EmitAsync("e", element, file));
        await Assert.ThrowsAsync<JsonException>(async () => await member.Socket.EmitAsync("e", file, JsonNode.Parse(json)));
        await Assert.ThrowsAsync<JsonException>(async () => await stage.Io.EmitAsync("e", file, element));
        await Assert.ThrowsAsync<JsonException>(async () => await member.Socket.CallArgsAsync<int>("e", [element, file]));
        await member.Socket.EmitAsync("alone", element);

        Assert.Equal($"42[\"alone\",{json.Replace("\\u0061", "a", StringComparison.Ordinal)}]", await member.Client.ReadAsync());
    }

    [Theory]
    [InlineData("""{"_placeholder":false,"num":0}""")]
    [InlineData("""{"text":"\"_placeholder\":true"}""")]
    [InlineData("""{"_placeholder":"true","\u0001":["_placeholder",true]}""")]
    public async Task An_object_that_is_only_like_one_is_sent(string json)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var file = new byte[] { 1 };

        await member.Socket.EmitAsync("e", JsonDocument.Parse(json).RootElement, file, new { file });

        Assert.StartsWith("451-[\"e\",{\"", await member.Client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("b:01", await member.Client.ReadAsync());
    }

    [Fact]
    public async Task On_polling_binary_is_base64()
    {
        await using var stage = await Stage.StartAsync();
        var client = await PollingClient.JoinAsync(stage.Host);

        await stage.Io.EmitAsync("e", new byte[] { 1, 2, 3, 4 });

        Assert.Equal("451-[\"e\",{\"_placeholder\":true,\"num\":0}]\u001ebAQIDBA==", await client.PollAsync());
    }

    [Fact]
    public async Task An_old_client_gets_frames_with_a_type()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinOldAsync();

        await member.Socket.EmitAsync("e", new byte[] { 1, 2 });

        Assert.Equal(["""451-["e",{"_placeholder":true,"num":0}]""", "b:040102"], await member.Client.ReadAsync(2));
    }

    // R-1, ATTACKS A55: anything between a head and its attachments destroys the client's parser.
    [Fact]
    public async Task Emits_of_many_threads_never_mix()
    {
        const int Threads = 16;
        const int Each = 500;
        await using var stage = await Stage.StartAsync(options: options => options.MaxQueuedBytes = 1 << 26);
        var member = await stage.JoinAsync();
        var next = new int[Threads];

        var emits = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => EmitAll(member.Socket, thread, Each), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        for (var i = 0; i < Threads * Each; i++)
        {
            var texts = await member.Client.ReadAsync(3);
            var thread = Convert.ToInt32(texts[1][2..], 16);
            Assert.Equal(
                [$$$"""452-["e",{{{thread}}},{{{next[thread]++}}},{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", $"b:{thread:x2}", "b:ff"], texts);
        }

        await emits.Soon();
        Assert.All(next, count => Assert.Equal(Each, count));
    }

    private static void EmitAll(ISocket socket, int thread, int count)
    {
        for (var n = 0; n < count; n++) socket.EmitArgsAsync("e", [thread, n, new[] { (byte)thread }, new byte[] { 255 }]).AsTask().Wait();
    }
}
