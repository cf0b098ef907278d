using SocketIOServer.EngineIO.Tests.WebSockets;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Requests without EIO, as the Swift client up to 15 sends them: they are of revision 3, in the handshake and after it.</summary>
public sealed class MissingRevisionTests : EngineTests
{
    private const string Unsupported = """{"code":5,"message":"Unsupported protocol version"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";

    [Fact]
    public async Task A_session_works_without_naming_its_revision_once()
    {
        var host = await StartAsync();
        var (status, open) = await host.RequestAsync("?transport=polling&b64=1");
        Assert.Equal(200, status);
        Assert.StartsWith("118:0{\"sid\":\"", open, StringComparison.Ordinal);
        var sid = host.Single().Session.Id;

        Assert.Equal((200, "ok"), await host.RequestAsync($"?transport=polling&b64=1&sid={sid}", "POST", request => request.Content = new StringContent("6:4hello10:b4AQIDBA==")));
        Assert.Equal((200, "6:4hello10:b4AQIDBA=="), await host.RequestAsync($"?transport=polling&b64=1&sid={sid}"));
        var socket = Keep(new RawWebSocket(await EngineWebSocket.UpgradeAsync(host, $"{EngineHost.Path}?transport=websocket&sid={sid}")));
        await socket.SendAsync(RawWebSocket.Frame(0x81, "2probe"), RawWebSocket.Frame(0x81, "5"), RawWebSocket.Frame(0x81, "2"));

        Assert.Equal("81 3probe", await socket.ReadAsync());
        Assert.Equal("81 3", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_WebSocket_may_begin_so_too()
    {
        var host = await StartAsync();

        var socket = Keep(new RawWebSocket(await EngineWebSocket.UpgradeAsync(host, $"{EngineHost.Path}?transport=websocket")));

        Assert.StartsWith("81 0{\"sid\":\"", await socket.ReadAsync(), StringComparison.Ordinal);
        await socket.SendAsync(RawWebSocket.Frame(0x82, [4, 1, 2]));
        Assert.Equal("82 040102", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_session_of_revision_4_is_none_of_theirs()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((400, BadRequest), await host.RequestAsync($"?transport=polling&sid={client.Sid}"));

        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));
    }

    [Theory]
    [InlineData("?EIO=&transport=polling", 200)]
    [InlineData("?eio=4&transport=polling", 200)]
    [InlineData("?EIO=2&transport=polling", 400)]
    [InlineData("?EIO=%20&transport=polling", 400)]
    public async Task Only_a_revision_that_is_not_there_is_assumed(string query, int status)
    {
        var host = await StartAsync();

        Assert.Equal(status, (await host.RequestAsync(query)).Status);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task It_is_refused_where_either_option_is_off(bool allowEngineIO3, bool allowMissing)
    {
        var host = await StartAsync(options => (options.AllowEngineIO3, options.AllowMissingRevision) = (allowEngineIO3, allowMissing));

        Assert.Equal((400, Unsupported), await host.RequestAsync("?transport=polling&b64=1"));
        Assert.Equal((400, Unsupported), await host.RequestAsync("?EIO=&transport=polling"));
    }
}
