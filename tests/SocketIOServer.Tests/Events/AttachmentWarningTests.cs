using System.Globalization;
using Microsoft.Extensions.Logging;
using SocketIOServer.Events;

namespace SocketIOServer.Tests.Events;

/// <summary>Current JavaScript clients disconnect when a packet has more than 10 attachments, so the server logs a warning when it sends one.</summary>
public sealed class AttachmentWarningTests
{
    public static TheoryData<string> Ways => ["emit", "emit args", "volatile", "call", "to all", "args to all", "call all"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_event_with_eleven_attachments_is_sent_and_logged(string way)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync($"""42["{way}",11]""");

        Assert.StartsWith("4511-", await client.ReadAsync(), StringComparison.Ordinal);
        var line = Assert.Single(Warnings(host));
        Assert.Contains("event \"strokes\" in / has 11 binary attachments", line, StringComparison.Ordinal);
        Assert.Contains("at most 10", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ack_with_eleven_attachments_is_sent_and_logged()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""427["open",11]""");

        Assert.StartsWith("4611-7", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("ack of \"open\" in / has 11 binary attachments", Assert.Single(Warnings(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_attachments_are_not_logged()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["emit",10]""");

        Assert.StartsWith("4510-", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.Empty(Warnings(host));
    }

    [Fact]
    public async Task Memory_that_is_sent_once_counts_once()
    {
        await using var host = await StartAsync();
        byte[] stroke = [1];

        await host.Io.EmitAsync("strokes", Enumerable.Repeat(stroke, 11).ToArray());

        Assert.Empty(Warnings(host));
    }

    [Fact]
    public async Task Each_name_is_logged_once_an_hour()
    {
        await using var host = await StartAsync();

        await EmitAsync(host, "a");
        await EmitAsync(host, "a");
        await EmitAsync(host, "b");
        host.Time.Advance(TimeSpan.FromMinutes(59));
        await EmitAsync(host, "a");
        Assert.Equal(2, Warnings(host).Length);

        host.Time.Advance(TimeSpan.FromMinutes(1));
        await EmitAsync(host, "a");
        Assert.Equal(3, Warnings(host).Length);
    }

    [Fact]
    public async Task The_number_of_names_is_limited_and_the_hour_frees_them()
    {
        await using var host = await StartAsync();

        for (var i = 0; i <= AttachmentWarnings.MaxNames; i++) await EmitAsync(host, i.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(AttachmentWarnings.MaxNames, Warnings(host).Length);

        host.Time.Advance(TimeSpan.FromHours(1));
        await EmitAsync(host, "another");
        Assert.Contains("\"another\"", Warnings(host)[^1], StringComparison.Ordinal);
    }

    // OnFallback answers events whose names the client invents.
    [Fact]
    public async Task A_name_of_a_client_cannot_forge_a_line()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""421["x\nforged"]""");

        Assert.StartsWith("4611-1", await client.ReadAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Assert.Single(Warnings(host)));
    }

    [Fact]
    public async Task MessagePack_contains_binary_directly_and_has_no_such_limit()
    {
        await using var host = await StartAsync(options => options.Parser = PacketParser.MessagePack);

        await EmitAsync(host, "a");

        Assert.Empty(Warnings(host));
    }

    private static ValueTask EmitAsync(TestHost host, string name) => host.Io.EmitAsync(name, Strokes(11));

    private static byte[][] Strokes(int count) => [.. Enumerable.Range(0, count).Select(i => new[] { (byte)i })];

    private static string[] Warnings(TestHost host) => [.. host.Log.Lines.Where(line => line.Level == LogLevel.Warning && line.Id == 27).Select(line => line.Text)];

    private static Task<TestHost> StartAsync(Action<SocketServerOptions>? options = null) => TestHost.StartAsync(
        io => io
            .On("emit", (int count, ISocket socket) => socket.EmitAsync("strokes", Strokes(count)))
            .On("emit args", (int count, ISocket socket) => socket.EmitArgsAsync("strokes", Strokes(count)))
            .On("volatile", (int count, ISocket socket) => socket.Volatile.EmitAsync("strokes", Strokes(count)))
            .On("call", (int count, ISocket socket) => { _ = socket.CallAsync<int>("strokes", Strokes(count)); })
            .On("to all", (int count, ISocket socket) => socket.Everyone.EmitAsync("strokes", Strokes(count)))
            .On("args to all", (int count, ISocket socket) => socket.Everyone.EmitArgsAsync("strokes", Strokes(count)))
            .On("call all", (int count, ISocket socket) => { _ = socket.Everyone.CallAsync<int>("strokes", Strokes(count)); })
            .On("open", (int count) => Strokes(count))
            .OnFallback((string name) => Strokes(11)),
        options);
}
