using System.Text.Json;

namespace SocketIOServer.Tests.Events;

/// <summary>Handlers of one socket, and of all events.</summary>
public sealed class OwnHandlerTests
{
    [Fact]
    public async Task A_socket_may_have_handlers_of_its_own()
    {
        await using var stage = await Stage.StartAsync();
        var (one, other) = (await stage.JoinAsync(), await stage.JoinAsync());
        one.Socket.On("e", (int value) => value + 1);

        Assert.Equal("431[3]", await one.Client.AskAsync("""421["e",2]"""));

        Assert.Equal("""431[{"error":"no handler"}]""", await other.Client.AskAsync("""421["e",2]"""));
    }

    [Fact]
    public async Task A_lambda_of_one_socket_keeps_what_it_closes_over()
    {
        await using var stage = await Stage.StartAsync();
        var members = new[] { await stage.JoinAsync(), await stage.JoinAsync() };
        for (var i = 0; i < members.Length; i++)
        {
            var number = i;
            members[i].Socket.On("e", () => number);
        }

        Assert.Equal("431[0]", await members[0].Client.AskAsync("""421["e"]"""));
        Assert.Equal("431[1]", await members[1].Client.AskAsync("""421["e"]"""));
    }

    [Fact]
    public async Task Once_is_once_and_Off_takes_back()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var seen = new Inbox<string>();
        member.Socket.Once("e", () => seen.Add("once"));
        member.Socket.On("e", () => seen.Add("on"));
        member.Socket.On("f", () => seen.Add("f"));

        await member.Client.SendAsync("""42["e"]""");
        Assert.Equal(["once", "on"], await seen.NextAsync(2));
        await member.Client.SendAsync("""42["e"]""");
        Assert.Equal("on", await seen.NextAsync());

        member.Socket.Off("e");
        await member.Client.SendAsync("""42["e"]""");
        await member.Client.SendAsync("""42["f"]""");
        Assert.Equal("f", await seen.NextAsync());

        member.Socket.Off();
        await member.Client.SendAsync("""42["f"]""");
        await member.Client.AssertAliveAsync();
        Assert.True(seen.IsEmpty);
    }

    [Fact]
    public async Task The_handler_of_the_namespace_comes_first_and_answers()
    {
        var seen = new Inbox<string>();
        await using var stage = await Stage.StartAsync(io => io.On("e", () =>
        {
            seen.Add("namespace");
            return "namespace";
        }));
        var member = await stage.JoinAsync();
        member.Socket.On("e", () =>
        {
            seen.Add("socket");
            return "socket";
        });

        Assert.Equal("""431["namespace"]""", await member.Client.AskAsync("""421["e"]"""));
        await member.Client.AssertAliveAsync();

        Assert.Equal(["namespace", "socket"], await seen.NextAsync(2));
    }

    [Fact]
    public async Task OnAny_sees_every_event_before_its_handler()
    {
        var seen = new Inbox<string>();
        await using var stage = await Stage.StartAsync(io => io
            .OnAny(async (string name, ISocket socket, JsonElement[] args) =>
            {
                await Task.Yield();
                seen.Add($"any {name} {args.Length} {socket.IsConnected}");
                return "not the ack";
            })
            .On("e", (int value) =>
            {
                seen.Add("handler");
                return value;
            }));
        var member = await stage.JoinAsync();

        Assert.Equal("431[7]", await member.Client.AskAsync("""421["e",7,8]"""));
        await member.Client.SendAsync("""421["nobody's"]""");

        Assert.Equal(["any e 2 True", "handler", "any nobody's 0 True"], await seen.NextAsync(3));
    }
}
