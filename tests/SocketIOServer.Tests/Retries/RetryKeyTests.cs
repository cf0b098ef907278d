using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using SocketIOServer.Tests.Recovery;

namespace SocketIOServer.Tests.Retries;

/// <summary>An event that a client sends again, with another ack id and the same key, is handled once.</summary>
public sealed class RetryKeyTests
{
    private int _handled;

    [Fact]
    public async Task An_event_that_comes_again_gets_the_same_ack_and_is_not_handled()
    {
        await using var stage = await Stage.StartAsync(io => io.On("order", (string text, [RetryKey] string key) => $"{text} {Interlocked.Increment(ref _handled)}"));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("""430["a 1"]""", await client.AskAsync("""420["order","a","k1"]"""));
        Assert.Equal("""431["a 1"]""", await client.AskAsync("""421["order","a","k1"]"""));
        Assert.Equal("""432["b 2"]""", await client.AskAsync("""422["order","b","k2"]"""));
        Assert.Equal("""433["a 1"]""", await client.AskAsync("""423["order","a","k1"]"""));
        Assert.Equal(2, _handled);
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Fact]
    public async Task Ack_without_arguments_with_several_and_with_binary_are_repeated()
    {
        await using var stage = await Stage.StartAsync(io => io
            .On("none", ([RetryKey] string key) => { _handled++; })
            .On("two", async ([RetryKey] string key) => { await Task.Yield(); return (++_handled, "x"); })
            .On("bytes", ([RetryKey] string key) => new byte[] { 1, (byte)++_handled }));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("430[]", await client.AskAsync("""420["none","k"]"""));
        Assert.Equal("431[]", await client.AskAsync("""421["none","k"]"""));
        Assert.Equal("""432[2,"x"]""", await client.AskAsync("""422["two","k"]"""));
        Assert.Equal("""433[2,"x"]""", await client.AskAsync("""423["two","k"]"""));
        for (var id = 4; id < 6; id++)
        {
            Assert.Equal($$$"""461-{{{id}}}[{"_placeholder":true,"num":0}]""", await client.AskAsync($$"""42{{id}}["bytes","k"]"""));
            Assert.Equal("b:0103", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task The_ack_is_that_which_the_filters_have_made_and_they_run_once()
    {
        await using var stage = await Stage.StartAsync(io => io
            .AddFilter<Exclaiming>()
            .On("order", ([RetryKey] string key) => "done"));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("""430["done!1"]""", await client.AskAsync("""420["order","k"]"""));
        Assert.Equal("""431["done!1"]""", await client.AskAsync("""421["order","k"]"""));
    }

    [Fact]
    public async Task An_ack_that_is_too_large_to_be_kept_does_not_drop_the_others()
    {
        await using var stage = await Stage.StartAsync(
            io => io.On("order", (int size, [RetryKey] string key) => $"{Interlocked.Increment(ref _handled)}{new string('x', size)}"),
            options => options.DeduplicateRetries.MaxBytesPerUser = 10_000);
        var (client, _) = await stage.JoinAsync();

        await client.AskAsync("""420["order",0,"k"]""");
        await client.AskAsync("""421["order",20000,"large"]""");

        Assert.Equal("""432["1"]""", await client.AskAsync("""422["order",0,"k"]"""));
        await client.AskAsync("""423["order",20000,"large"]""");
        Assert.Equal(3, _handled);
    }

    [Fact]
    public async Task An_event_that_was_sent_without_an_ack_is_acked_when_it_comes_again()
    {
        await using var stage = await Stage.StartAsync(io => io.On("order", ([RetryKey] string key) => ++_handled));
        var (client, _) = await stage.JoinAsync();

        await client.SendAsync("""42["order","k"]""");
        Assert.Equal("430[1]", await client.AskAsync("""420["order","k"]"""));
        await client.SendAsync("""42["order","k"]""");
        await client.AssertAliveAsync();
        Assert.Equal(1, _handled);
    }

    [Fact]
    public async Task Events_keys_namespaces_and_clients_do_not_share_anything()
    {
        await using var stage = await Stage.StartAsync(io =>
        {
            io.On("a", ([RetryKey] string key) => ++_handled).On("b", ([RetryKey] string key) => ++_handled);
            io.Of("/chat").On("a", ([RetryKey] string key) => ++_handled);
        });
        var first = await stage.JoinAsync();
        var second = await stage.JoinAsync();

        Assert.Equal("430[1]", await first.Client.AskAsync("""420["a","k"]"""));
        Assert.Equal("431[2]", await first.Client.AskAsync("""421["b","k"]"""));
        await stage.JoinAsync(first, "/chat");
        Assert.Equal("43/chat,2[3]", await first.Client.AskAsync("""42/chat,2["a","k"]"""));
        Assert.Equal("430[4]", await second.Client.AskAsync("""420["a","k"]"""));
        Assert.Equal("431[4]", await second.Client.AskAsync("""421["a","k"]"""));
    }

    [Fact]
    public async Task A_key_that_is_null_or_missing_is_no_key_where_the_parameter_is_nullable()
    {
        await using var stage = await Stage.StartAsync(io => io.On("order", (int[] items, string? text, [RetryKey] string? key) => ++_handled));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("430[1]", await client.AskAsync("""420["order",[1,2]]"""));
        Assert.Equal("431[2]", await client.AskAsync("""421["order",[1,2],"k",null]"""));
        Assert.Equal("432[3]", await client.AskAsync("""422["order",[1,2],"k",null]"""));
        Assert.Equal("433[4]", await client.AskAsync("""423["order",[1,2],"x","k"]"""));
        Assert.Equal("434[4]", await client.AskAsync("""424["order",[1,2],"x","k"]"""));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"\"")]
    [InlineData("{\"a\":[1]}")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task A_key_that_is_no_text_is_an_invalid_argument(string? key)
    {
        await using var stage = await Stage.StartAsync(io => io.On("order", ([RetryKey] string key) => ++_handled));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("""430[{"error":"invalid arguments"}]""", await client.AskAsync($"""420["order"{(key is null ? "" : "," + key)}]"""));
        Assert.Equal($$"""431[1]""", await client.AskAsync($"""421["order","{new string('k', 256)}"]"""));
        Assert.Equal("""432[{"error":"invalid arguments"}]""", await client.AskAsync($"""422["order","{new string('k', 257)}"]"""));
        Assert.Equal(1, _handled);
        Assert.Contains(stage.Host.Log.Lines, line => line.Text.Contains("Argument \"key\": A key has 1 to 256 characters.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_whose_handler_throws_is_handled_again_unless_the_exception_is_its_ack()
    {
        await using var stage = await Stage.StartAsync(io => io
            .On("fails", ([RetryKey] string key) => ++_handled == 1 ? throw new InvalidOperationException() : _handled)
            .On("refuses", ([RetryKey] string key) => { _handled++; throw new AckException(new { no = _handled }); }));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("""430[{"error":"failed"}]""", await client.AskAsync("""420["fails","k"]"""));
        Assert.Equal("431[2]", await client.AskAsync("""421["fails","k"]"""));
        Assert.Equal("432[2]", await client.AskAsync("""422["fails","k"]"""));
        Assert.Equal("""433[{"no":3}]""", await client.AskAsync("""423["refuses","k"]"""));
        Assert.Equal("""434[{"no":3}]""", await client.AskAsync("""424["refuses","k"]"""));
    }

    [Fact]
    public async Task An_event_that_comes_while_the_first_is_handled_waits_for_its_ack()
    {
        var (begun, end) = (new Inbox<int>(), new TaskCompletionSource());
        await using var stage = await Stage.StartAsync(io => io.On("order", [Concurrent(4)] async ([RetryKey] string key) =>
        {
            begun.Add(++_handled);
            await end.Task;
            return "done";
        }));
        var (client, _) = await stage.JoinAsync();

        await client.SendAsync("""420["order","k"]""", """421["order","k"]""", """422["order","other"]""");
        await begun.NextAsync(2);
        end.SetResult();

        Assert.Equal(["""430["done"]""", """431["done"]""", """432["done"]"""], (await client.ReadAsync(3)).Order(StringComparer.Ordinal));
        Assert.Equal(2, _handled);
    }

    [Fact]
    public async Task An_event_that_waits_for_one_that_fails_is_handled()
    {
        var (begun, end) = (new Inbox<int>(), new TaskCompletionSource());
        await using var stage = await Stage.StartAsync(io => io.On("order", [Concurrent(2)] async ([RetryKey] string key, string text) =>
        {
            begun.Add(++_handled);
            await end.Task;
            return _handled == 1 ? throw new InvalidOperationException() : text;
        }));
        var (client, _) = await stage.JoinAsync();

        await client.SendAsync("""420["order","k","first"]""", """421["order","k","second"]""");
        await begun.NextAsync();
        end.SetResult();

        Assert.Equal("""430[{"error":"failed"}]""", await client.ReadAsync());
        Assert.Equal("""431["second"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Keys_stay_with_a_session_that_comes_back_even_while_its_event_is_handled()
    {
        var (begun, end) = (new Inbox<int>(), new TaskCompletionSource());
        await using var stage = await RecoveryStage.StartAsync(map: io => io
            .On("order", ([RetryKey] string key) => ++_handled)
            .On("slow", async ([RetryKey] string key) =>
            {
                begun.Add(++_handled);
                await end.Task;
                return "done";
            }));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("430[1]", await client.Client.AskAsync("""420["order","k"]"""));
        await client.Client.SendAsync("""421["slow","k"]""");
        await begun.NextAsync();
        client.Cut();
        Assert.True((await stage.ReturnAsync(client)).Recovered);
        Assert.Equal("430[1]", await client.Client.AskAsync("""420["order","k"]"""));
        await client.Client.SendAsync("""421["slow","k"]""");
        end.SetResult();
        Assert.Equal("""431["done"]""", await client.Client.ReadAsync());
        Assert.Equal(2, _handled);
    }

    [Fact]
    public async Task Keys_of_a_user_are_known_on_each_of_its_connections_and_not_on_those_of_others()
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("order", ([RetryKey] string key) => ++_handled),
            use: app => app.Use((context, next) =>
            {
                context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, context.Request.Query["user"]!)], "test"));
                return next();
            }));

        foreach (var (user, expected) in new[] { ("ada", 1), ("ada", 1), ("bob", 2), ("ada", 1), ("bob", 2) })
        {
            await using var client = await SocketClient.ConnectAsync(host, query: $"&user={user}");
            Wire.IdOf(await client.AskAsync("40"));
            Assert.Equal($"430[{expected}]", await client.AskAsync("""420["order","k"]"""));
        }
    }

    [Fact]
    public async Task Keys_are_dropped_after_the_window_and_beyond_the_limits()
    {
        await using var stage = await Stage.StartAsync(
            io => io.On("order", ([RetryKey] string key) => ++_handled), o => (o.DeduplicateRetries.Window, o.DeduplicateRetries.MaxKeysPerUser) = (TimeSpan.FromSeconds(10), 2));
        var (client, _) = await stage.JoinAsync();

        Assert.Equal("430[1]", await client.AskAsync("""420["order","a"]"""));
        Assert.Equal("430[2]", await client.AskAsync("""420["order","b"]"""));
        Assert.Equal("430[1]", await client.AskAsync("""420["order","a"]"""));
        Assert.Equal("430[3]", await client.AskAsync("""420["order","c"]"""));
        Assert.Equal("430[4]", await client.AskAsync("""420["order","a"]"""));
        stage.Host.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("430[5]", await client.AskAsync("""420["order","a"]"""));
    }

    [Fact]
    public async Task A_class_and_MessagePack_have_keys_too()
    {
        await using var stage = await Stage.StartAsync(io => io.Of<Orders>("/orders"));
        var (client, _) = await stage.JoinAsync();
        Wire.IdOf(await client.AskAsync("40/orders,"));

        Assert.Equal("43/orders,0[1]", await client.AskAsync("""42/orders,0["order","k"]"""));
        Assert.Equal("43/orders,1[1]", await client.AskAsync("""42/orders,1["order","k"]"""));

        await using var packed = await Stage.StartAsync(io => io.On("order", ([RetryKey] string key) => new byte[] { (byte)++_handled }), o => o.Parser = PacketParser.MessagePack);
        await using var other = await SocketClient.ConnectAsync(packed.Host);
        // {"type":0,"nsp":"/"} and {"type":2,"nsp":"/","id":0,"data":["order","k"]}
        await other.AskBytesAsync("82 a4 74797065 00 a3 6e7370 a1 2f");
        var ack = await other.AskBytesAsync("84 a4 74797065 02 a3 6e7370 a1 2f a2 6964 00 a4 64617461 92 a5 6f72646572 a1 6b");
        Assert.EndsWith("c40101", ack, StringComparison.Ordinal);
        Assert.EndsWith("c40101", await other.AskBytesAsync("84 a4 74797065 02 a3 6e7370 a1 2f a2 6964 01 a4 64617461 92 a5 6f72646572 a1 6b"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_handler_of_an_event_handles_it_once()
    {
        var heard = new Inbox<string>();
        await using var stage = await Stage.StartAsync(io => io.On("order", ([RetryKey] string key) => heard.Add("all")));
        var (client, socket) = await stage.JoinAsync();
        socket.On("order", ([RetryKey] string key) => heard.Add("own"));

        await client.AskAsync("""420["order","k"]""");
        await client.AskAsync("""421["order","k"]""");
        await client.AskAsync("""422["order","other"]""");
        await client.AssertAliveAsync();

        Assert.Equal(["all", "own", "all", "own"], await heard.NextAsync(4));
        Assert.True(heard.IsEmpty);
    }

    [Fact]
    public async Task Where_there_can_be_no_key_the_mapping_throws()
    {
        Delegate[] handlers =
        [
            ([RetryKey] int key) => { },
            ([RetryKey] string key, [RetryKey] string other) => { },
            (System.Text.Json.JsonElement[] all, [RetryKey] string key) => { },
            ([RetryKey, FromAuth] string key) => { },
            ([RetryKey] ISocket socket) => { },
        ];
        await using var stage = await Stage.StartAsync(io =>
        {
            foreach (var handler in handlers) Assert.Throws<ArgumentException>(() => io.On("order", handler));
#pragma warning disable SIO016 // The server says it when it runs, too.
            Assert.Throws<ArgumentException>(() => io.OnAny((string name, [RetryKey] string key) => { }));
            Assert.Throws<ArgumentException>(() => io.OnConnected(([RetryKey] string key) => { }));
#pragma warning restore SIO016
        });
    }

    internal sealed class Exclaiming : IEventFilter
    {
        private static int _count;

        public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next) => $"{await next(context)}!{Interlocked.Increment(ref _count)}";
    }

    public sealed class Orders : SocketController
    {
        private static int _handled;

        // A controller is made for each event, so this does not count.
        private readonly int _one = 1;

        [On("order")]
        public int Add([RetryKey] string key) => Interlocked.Add(ref _handled, _one);
    }
}
