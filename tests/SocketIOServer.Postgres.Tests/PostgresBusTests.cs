using System.Text;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres.Tests;

/// <summary>The bus over a real PostgreSQL: what arrives, in which order, and what is counted when it does not.</summary>
public sealed class PostgresBusTests(PostgresServer server) : IAsyncLifetime
{
    private const string Channel = "socket.io#/é";

    private Buses _buses = null!;

    public async ValueTask InitializeAsync() => _buses = new(server, await server.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _buses.DisposeAsync();

    [Fact]
    public async Task Messages_arrive_in_order_whether_or_not_they_go_through_the_table()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync());
        var inbox = await Inbox.OpenAsync(second, Channel);
        var other = await Inbox.OpenAsync(second, "socket.io#/");
        string[] sent = [.. Enumerable.Range(0, 1000).Select(i => i % 7 == 0 ? $"{i} {new string('x', 9000)}" : $"{i}")];

        foreach (var text in sent) Assert.True(first.Publish(Channel, Utf8(text)));

        await inbox.HasAsync(1000);
        Assert.Equal(sent, inbox.Messages);
        Assert.Equal(0, other.Count);
        Assert.Equal(-1, await first.CountAsync(Channel, CancellationToken.None));
    }

    [Fact]
    public async Task Equal_messages_all_arrive()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync());
        var inbox = await Inbox.OpenAsync(second, Channel);

        for (var i = 0; i < 300; i++) first.Publish(Channel, Utf8("the same"));

        await inbox.HasAsync(300);
    }

    [Fact]
    public async Task Every_message_arrives_as_it_was()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync());
        var inbox = new List<byte[]>();
        await second.Subscribe(new(Channel), (_, message) => inbox.Add(message.ToArray())).Ready.WaitAsync(TestHost.Patience);
        byte[][] sent =
        [
            [], [0], [0xff, 0xfe], Utf8("="), Utf8("=AAAA"), Utf8("{\"a\":\"é😀\\u0000\"}"), Utf8(new string('x', 7999)), Utf8(new string('x', 8000)),
            Utf8(new string('é', 5000)), [.. Enumerable.Range(0, 20_000).Select(i => (byte)i)], Utf8("{\"type\":3}"), [(byte)'{', PostgresWire.AttachmentMark],
            [.. "{\"uid\":\"x\",\"type\":3"u8, PostgresWire.AttachmentMark, 1, 2],
        ];

        foreach (var message in sent) Assert.True(first.Publish(Channel, message));

        await Eventually.TrueAsync(() => inbox.Count == sent.Length, () => $"{inbox.Count}");
        // What stands before the mark is the notification's, and what stands behind it is the message.
        Assert.Equal((byte[][])[.. sent[..^1], [1, 2]], inbox);
    }

    [Fact]
    public async Task Names_of_channels_are_no_SQL()
    {
        var bus = await _buses.StartAsync();
        string[] names = ["a\"; DROP TABLE socket_io_attachments; --", "a'b", "$1", ":name @name", "\\", "A", "a\nb", new('x', 63)];

        foreach (var name in names)
        {
            var inbox = await Inbox.OpenAsync(bus, name);
            var lower = name.ToLowerInvariant();
            bus.Publish(lower.Equals(name, StringComparison.Ordinal) ? name + "x" : lower, Utf8("another channel"));
            bus.Publish(name, Utf8("this"));
            bus.Publish(name, Utf8(new string('x', 9000)));
            await inbox.HasAsync(2);
            Assert.Equal("this", inbox.Messages[0]);
        }
    }

    [Fact]
    public async Task A_channel_that_PostgreSQL_cannot_have_harms_no_other()
    {
        var bus = await _buses.StartAsync();
        var inbox = await Inbox.OpenAsync(bus, Channel, new('x', 64), "a\0b");

        foreach (var name in (string[])[new('x', 64), "a\0b", "", Channel]) Assert.True(bus.Publish(name, Utf8("news")));

        await inbox.HasAsync(1);
        Assert.Equal(3, bus.Statistics.Dropped);
        Assert.Equal(BusState.Alive, bus.State);
    }

    [Fact]
    public async Task A_message_that_is_no_longer_in_the_table_is_handed_on_as_garbage_and_counted()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync());
        var inbox = await Inbox.OpenAsync(second, Channel);

        foreach (var text in (string[])["{\"uid\":\"x\",\"type\":3,\"attachmentId\":\"4711\"}", "{\"attachmentId\":\"1; DROP TABLE x\"}", "{\"attachmentId\":[]}", "{\"attachmentId\":\"99999999999999999999\"}", "{\"attachmentId"])
        {
            await server.ExecuteAsync(_buses.Database, $"SELECT pg_notify('{Channel}', '{text}')");
        }

        first.Publish(Channel, Utf8("next"));

        await inbox.HasAsync(6);
        Assert.Equal("next", inbox.Messages[^1]);
        Assert.Equal(1, second.Lost);
    }

    [Fact]
    public async Task A_message_in_the_table_that_is_too_large_is_not_loaded()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync(o => o.MaxAttachmentBytes = 10_000));
        var inbox = await Inbox.OpenAsync(second, Channel);

        first.Publish(Channel, Utf8(new string('x', 10_001)));
        first.Publish(Channel, Utf8(new string('x', 10_000)));

        await inbox.HasAsync(2);
        Assert.Equal(1, second.Lost);
        Assert.Equal(10_000, inbox.Messages[1].Length);
    }

    [Fact]
    public async Task Old_messages_are_removed()
    {
        var bus = await _buses.StartAsync(o => o.CleanupInterval = TimeSpan.FromMilliseconds(200));
        var inbox = await Inbox.OpenAsync(bus, Channel);
        bus.Publish(Channel, Utf8(new string('x', 9000)));
        await inbox.HasAsync(1);

        while (await server.ExecuteAsync(_buses.Database, "SELECT count(*) FROM socket_io_attachments") is not 0L) await Task.Delay(20);
    }

    [Fact]
    public async Task Without_the_table_short_messages_arrive_and_the_log_says_what_is_missing()
    {
        var log = new LogCollector();
        var bus = await _buses.StartAsync(o => o.CreateTable = false, log.CreateLogger("bus"));
        var inbox = await Inbox.OpenAsync(bus, Channel);

        bus.Publish(Channel, Utf8("before"));
        bus.Publish(Channel, Utf8(new string('x', 9000)));
        bus.Publish(Channel, Utf8("behind"));

        await inbox.HasAsync(2);
        Assert.Equal(["before", "behind"], inbox.Messages);
        await Eventually.TrueAsync(() => bus.Statistics.Dropped == 1, () => $"{bus.Statistics.Dropped}");
        Assert.Contains(log.Lines, line => line.Id.Id == 60 && line.Text.Contains("CREATE UNLOGGED TABLE", StringComparison.Ordinal));
        // The line follows the count.
        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Id.Id == 61), () => "the line");
    }

    [Fact]
    public async Task Several_servers_that_start_at_once_make_one_table()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _buses.StartAsync(o => o.TableName = "public.other")));

        Assert.Equal(0L, await server.ExecuteAsync(_buses.Database, "SELECT count(*) FROM other"));
    }

    [Fact]
    public void A_table_name_is_a_name() => Assert.Throws<ArgumentException>(() => _buses.Make(o => o.TableName = "x; DROP TABLE y"));

    [Fact]
    public async Task Channels_come_and_go_while_messages_flow()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync());
        var inbox = await Inbox.OpenAsync(second, Channel);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < 3000; i++)
            {
                while (!first.Publish(Channel, Utf8($"{i}"))) await Task.Delay(1);
                if (i % 10 == 0) await Task.Yield();
            }
        });

        for (var i = 0; i < 100; i++)
        {
            await using var subscription = second.Subscribe(new($"other{i}"), (_, _) => { });
            await subscription.Ready.WaitAsync(TestHost.Patience);
        }

        await publishing;
        await inbox.HasAsync(3000);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), inbox.Messages);
        await Eventually.TrueAsync(() => second.State == BusState.Alive, "the bus was lost");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
