using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Tests;

/// <summary>CONTRACT P5: each limit of size at one below, at the limit itself and at one above, over WebSocket and polling. Limits count bytes, not characters.</summary>
public sealed class SizeLimitTests
{
    private const int Limit = 3000;

    public static TheoryData<int> Around => [-1, 0, 1];

    public static TheoryData<int, string> AroundWithText => new MatrixTheoryData<int, string>([-1, 0, 1], ["x", "é", "中", "😀"]);

    [Theory]
    [MemberData(nameof(AroundWithText))]
    public async Task P5_MaxPayload_over_WebSocket_counts_bytes(int beyond, string unit)
    {
        await using var host = await StartAsync(options => options.MaxPayload = Limit);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(beyond > 0 ? "closed 1009" : """431["ok"]""", await client.AskAsync(Text(Limit + beyond, unit)));
    }

    [Theory]
    [MemberData(nameof(Around))]
    public async Task P5_MaxPayload_over_WebSocket_counts_what_is_inflated(int beyond)
    {
        await using var host = await StartAsync(options =>
        {
            options.MaxPayload = Limit;
            options.WebSocketCompression = true;
        });
        await using var client = await SocketClient.OpenAsync(host, options: options => options.DangerousDeflateOptions = new());
        await client.ReadAsync();
        await client.AskAsync("40");

        Assert.Equal(beyond > 0 ? "closed 1009" : """431["ok"]""", await client.AskAsync(Text(Limit + beyond, "😀")));
    }

    [Theory]
    [MemberData(nameof(AroundWithText))]
    public async Task P5_MaxPayload_over_polling_counts_bytes_of_the_body(int beyond, string unit)
    {
        await using var host = await StartAsync(options => options.MaxPayload = Limit);
        var client = await PollingClient.JoinAsync(host);

        var answer = await client.PostAsync(Text(Limit + beyond, unit));

        Assert.Equal(beyond > 0 ? (413, "") : (200, "ok"), answer);
        if (beyond <= 0) Assert.Equal("""431["ok"]""", await client.PollAsync());
    }

    // Revision 3 says the length in UTF-16 units; the limit is in bytes there too.
    [Theory]
    [MemberData(nameof(AroundWithText))]
    public async Task P5_MaxPayload_over_polling_of_revision_3_counts_bytes_of_the_body(int beyond, string unit)
    {
        await using var host = await StartAsync(options => options.MaxPayload = Limit);
        var client = await PollingClient.ConnectAsync(host, eio: 3);
        const int Head = 5;
        var packet = Text(Limit + beyond - Head, unit);
        packet = packet.PadRight(packet.Length);
        var head = $"{packet.Length}:".PadLeft(Head, '0');

        var answer = await client.PostAsync(head + packet);

        Assert.Equal(beyond > 0 ? 413 : 200, answer.Status);
    }

    [Theory]
    [MemberData(nameof(Around))]
    public async Task P5_MaxPacketBytes_counts_the_head_and_every_attachment(int beyond)
    {
        await using var host = await StartAsync(options => options.MaxPacketBytes = Limit);
        await using var client = await SocketClient.JoinAsync(host);
        var (head, first, second) = Binary(Limit + beyond);

        await client.SendAsync(head);
        await client.SendAsync(first);
        await client.SendAsync(second);

        Assert.Equal(beyond > 0 ? "closed 1000" : """431["ok"]""", await client.ReadAsync());
    }

    [Theory]
    [MemberData(nameof(Around))]
    public async Task P5_MaxPacketBytes_over_polling_counts_what_base64_stands_for(int beyond)
    {
        await using var host = await StartAsync(options => options.MaxPacketBytes = Limit);
        var client = await PollingClient.JoinAsync(host);
        var (head, first, second) = Binary(Limit + beyond);

        var answer = await client.PostAsync($"{head}\u001eb{Convert.ToBase64String(first)}\u001eb{Convert.ToBase64String(second)}");

        Assert.Equal(beyond > 0 ? 400 : 200, answer.Status);
        if (beyond <= 0) Assert.Equal("""431["ok"]""", await client.PollAsync());
    }

    [Theory]
    [MemberData(nameof(Around))]
    public async Task P5_MaxAttachments_on_both_transports(int beyond)
    {
        await using var host = await StartAsync(options => options.MaxAttachments = 5);
        await using var client = await SocketClient.JoinAsync(host);
        var polling = await PollingClient.JoinAsync(host);
        var count = 5 + beyond;

        await client.SendAsync($"45{count}-1[\"any\"]");
        for (var i = 0; i < count && beyond <= 0; i++) await client.SendAsync([1]);
        var answer = await polling.PostAsync($"45{count}-1[\"any\"]{string.Concat(Enumerable.Repeat("\u001ebAQ==", count))}");

        Assert.Equal(beyond > 0 ? "closed 1000" : """431["ok"]""", await client.ReadAsync());
        Assert.Equal(beyond > 0 ? 400 : 200, answer.Status);
    }

    [Theory]
    [MemberData(nameof(Around))]
    public async Task P5_MaxJsonDepth_on_both_transports(int beyond)
    {
        await using var host = await StartAsync(options => options.MaxJsonDepth = 20);
        await using var client = await SocketClient.JoinAsync(host);
        var polling = await PollingClient.JoinAsync(host);
        var depth = 20 + beyond;
        var packet = $"421[\"any\",{new string('[', depth - 1)}{new string(']', depth - 1)}]";

        Assert.Equal(beyond > 0 ? "closed 1000" : """431["ok"]""", await client.AskAsync(packet));
        Assert.Equal(beyond > 0 ? 400 : 200, (await polling.PostAsync(packet)).Status);
    }

    [Theory]
    [MemberData(nameof(Around))]
    public async Task P5_MaxQueuedBytes_counts_what_waits_for_the_next_poll(int beyond)
    {
        await using var host = await StartAsync(options => options.MaxQueuedBytes = Limit);
        var client = await PollingClient.JoinAsync(host);
        // What a message costs beside its bytes counts too.
        var cost = new OutgoingMessage(new byte[1000]).Size - 1000;
        const int Frame = 10;

        await host.Io.EmitAsync("e", new string('x', 1000 - cost - Frame));
        await host.Io.EmitAsync("e", new string('x', 2000 + beyond - cost - Frame));

        var polled = await client.GetAsync();
        Assert.Equal(beyond > 0 ? 400 : 200, (int)polled.StatusCode);
        if (beyond <= 0) Assert.Equal(Limit + beyond - 2 * cost + 1, (await polled.Content.ReadAsByteArrayAsync()).Length);
    }

    // ATTACKS A16: what raw arguments cost is a small multiple of what the client sent.
    [Fact]
    public async Task A16_A_message_of_nothing_but_structure_costs_a_few_times_its_size()
    {
        await using var host = await TestHost.StartAsync(io => io.AddFilter<Cost>().On("raw", (JsonElement[] all) => all.Length));
        await using var client = await SocketClient.JoinAsync(host);
        var packet = $"421[\"raw\"{string.Concat(Enumerable.Repeat(",[]", 330_000))}]";

        var answer = await client.AskAsync(packet);

        var allocated = long.Parse(answer["431[".Length..^1], CultureInfo.InvariantCulture);
        Assert.InRange(allocated, 1, 40L * packet.Length);
    }

    [Theory]
    [InlineData("raw", """{"error":"invalid arguments"}""")]
    [InlineData("nodes", "true")]
    [InlineData("files", "true")]
    [InlineData("streams", "true")]
    [InlineData("memory", "true")]
    [InlineData("objects", """{"error":"invalid arguments"}""")]
    [InlineData("record", "true")]
    public async Task A6_An_attachment_that_is_named_often_is_shared_and_its_sum_is_bounded(string name, string result)
    {
        await using var host = await StartAsync(options => options.MaxPacketBytes = 3_000_000);
        await using var client = await SocketClient.JoinAsync(host);
        const string Placeholder = """{"_placeholder":true,"num":0}""";
        var head = $$"""451-1["{{name}}",{"content":{{Placeholder}},"again":{{Placeholder}}}{{string.Concat(Enumerable.Repeat("," + Placeholder, 4998))}}]""";
        if (name != "record") head = head.Replace($$"""{"content":{{Placeholder}},"again":{{Placeholder}}}""", $"{Placeholder},{Placeholder}", StringComparison.Ordinal);

        // Named 5,000 times, 500 bytes are 2.5 MB; 900,000 bytes would be gigabytes.
        await client.SendAsync(head);
        await client.SendAsync(new byte[500]);
        Assert.Equal($"431[{result}]", await client.ReadAsync());

        await client.SendAsync(head);
        await client.SendAsync(new byte[900_000]);
        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    // So many bytes of an event, filled with one character as far as it goes.
    private static string Text(int bytes, string unit)
    {
        const string Empty = """421["any",""]""";
        var rest = bytes - Empty.Length;
        var size = Encoding.UTF8.GetByteCount(unit);
        return Empty[..^2] + new string('x', rest % size) + string.Concat(Enumerable.Repeat(unit, rest / size)) + "\"]";
    }

    // A head without Engine.IO's digit and two attachments that are so many bytes together.
    private static (string Head, byte[] First, byte[] Second) Binary(int bytes)
    {
        const string Head = """452-1["any",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""";
        return (Head, new byte[1000], new byte[bytes - 1000 - (Head.Length - 1)]);
    }

    private static Task<TestHost> StartAsync(Action<SocketServerOptions> options) => TestHost.StartAsync(
        io => io.On("any", () => "ok")
            .On("raw", (JsonElement[] all) => all.Length)
            .On("nodes", (JsonNode?[] all) => all.Select(node => node!.GetValue<byte[]>()).Distinct(ReferenceEqualityComparer.Instance).Count() == 1)
            .On("files", (byte[] first, byte[] second) => ReferenceEquals(first, second))
            .On("memory", (Memory<byte> first, ReadOnlyMemory<byte> second) => first.Span.Overlaps(second.Span))
            .On("streams", (Stream first, Stream second) => first.Length == second.Length && first != second)
            .On("objects", (object first, object second) => first is not null && second is not null)
            .On("record", (Twice value) => ReferenceEquals(value.Content, value.Again)),
        options);

    public sealed record Twice(byte[] Content, byte[] Again);

    // Answers what the handler's arguments and the handler itself allocated.
    public sealed class Cost : IEventFilter
    {
        public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await next(context);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
