using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Events;

/// <summary>Events without a handler: OnFallback takes and may answer them, else the log and an ack say that nobody did.</summary>
public sealed class FallbackTests
{
    [Fact]
    public async Task It_takes_what_no_other_handler_takes_and_answers()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["known"]""", await client.AskAsync("""421["known",1]"""));
        Assert.Equal("""432["other",2,"b"]""", await client.AskAsync("""422["other","a","b"]"""));
        Assert.Equal("""433["later",0]""", await client.AskAsync("""423["later"]"""));
    }

    [Fact]
    public async Task Binary_arguments_come_with_it()
    {
        await using var host = await TestHost.StartAsync(io => io.OnFallback((string name, byte[] bytes) => bytes.Length));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""451-1["photo",{"_placeholder":true,"num":0}]""");
        await client.SendAsync(new byte[] { 1, 2, 3 });

        Assert.Equal("431[3]", await client.ReadAsync());
    }

    [Fact]
    public async Task A_handler_of_the_socket_itself_comes_before_it()
    {
        await using var host = await TestHost.StartAsync(io => io
            .OnConnected((ISocket socket) => socket.On("own", () => "of the socket"))
            .OnFallback((string name) => $"fallback of {name}"));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["of the socket"]""", await client.AskAsync("""421["own"]"""));
        Assert.Equal("""432["fallback of else"]""", await client.AskAsync("""422["else"]"""));
    }

    [Fact]
    public async Task OnAny_sees_the_event_first_and_is_no_handler_of_it()
    {
        var seen = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io.OnAny((string name) => seen.Add("any " + name)).OnFallback((string name) => seen.Add("fallback " + name)));
        await using var client = await SocketClient.JoinAsync(host);

        await client.AskAsync("""421["x"]""");

        Assert.Equal(["any x", "fallback x"], [await seen.NextAsync(), await seen.NextAsync()]);
    }

    [Fact]
    public async Task A_method_of_a_class_may_be_it()
    {
        await using var host = await TestHost.StartAsync(io => io.Of<Rooms>("/rooms"));
        await using var client = await SocketClient.JoinAsync(host, "/rooms");

        Assert.Equal("""43/rooms,1["join"]""", await client.AskAsync("""42/rooms,1["join"]"""));
        Assert.Equal("""43/rooms,2["no event leave with 2"]""", await client.AskAsync("""42/rooms,2["leave",1,2]"""));
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_it_are_answered_as_everywhere()
    {
        await using var host = await TestHost.StartAsync(io => io.OnFallback((string name, int number) => number));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"error":"invalid arguments"}]""", await client.AskAsync("""421["x","text"]"""));
    }

    [Fact]
    public void A_namespace_has_one()
    {
        Assert.Throws<ArgumentException>(() => TestHost.StartAsync(io => io.OnFallback((string name) => { }).OnFallback((string name) => { })).GetAwaiter().GetResult());
    }

    [Theory]
    [InlineData(true, """431[{"error":"no handler"}]""")]
    [InlineData(false, """432["ping"]""")]
    public async Task Without_one_an_ack_says_so_where_AckErrors_is_on(bool ackErrors, string expected)
    {
        await using var host = await TestHost.StartAsync(io => io.On("ping", () => "ping"), options => options.AckErrors = ackErrors);
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""421["nobody's"]""");

        Assert.Equal(expected, await client.AskAsync("""422["ping"]"""));
    }

    [Fact]
    public async Task Without_one_a_line_at_Debug_names_the_event_escaped_and_cut()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["a\nb\u001b[31m"]""");
        await client.SendAsync($"""42["{new string('x', 1000)}"]""");
        await client.AssertAliveAsync();

        var lines = host.Log.Lines.Where(line => line.Id.Id == 24).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal(LogLevel.Debug, line.Level));
        Assert.StartsWith("""No handler for "a\u000ab\u001b[31m" in "/",""", lines[0].Text, StringComparison.Ordinal);
        Assert.StartsWith($"No handler for \"{new string('x', 200)}...\" in", lines[1].Text, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(io => io
        .On("known", () => "known")
        .OnFallback(async (string name, JsonElement[] args) =>
        {
            if (name == "later") await Task.Yield();
            return args.Length == 0 ? new AckArguments(name, 0) : new AckArguments(name, args.Length, args[^1]);
        }));

    private sealed class Rooms : SocketController
    {
        [On("join")]
        public static string Join() => "join";

        [OnFallback]
        public static string Unknown(string name, JsonElement[] args) => $"no event {name} with {args.Length}";
    }
}
