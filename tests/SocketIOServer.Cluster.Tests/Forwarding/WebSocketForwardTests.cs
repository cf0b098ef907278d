using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>The WebSocket of a session that began with polling on another server.</summary>
public sealed class WebSocketForwardTests
{
    [Fact]
    public async Task A_session_moves_to_a_WebSocket_through_another_server()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);

        await using var socket = await UpgradeAsync(servers, client);
        await socket.SendAsync("""420["echo","für"]""");

        Assert.Equal("""430["für"]""", await socket.ReadAsync());
        Assert.Equal(1, servers.Node(1).Forwarded(ForwardKind.WebSocket));
        Assert.Equal(1, servers.Sessions(0));
        Assert.Equal(0, servers.Sessions(1));
    }

    [Fact]
    public async Task A_WebSocket_over_HTTP2_goes_on_over_HTTP1_to_the_server_that_has_the_session()
    {
        await using var servers = await ForwardingServers.StartAsync(count: 1);
        await servers.AddAsync(build: app => app.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        var client = await PollingClient.JoinAsync(servers[0]);

        await using var socket = await SocketClient.OpenAsync(servers[1], query: $"&sid={client.Sid}", options: options =>
            (options.HttpVersion, options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact));
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");
        await socket.SendAsync("""420["echo","für"]""");

        Assert.Equal("""430["für"]""", await socket.ReadAsync());
        Assert.Equal(1, servers.Node(1).Forwarded(ForwardKind.WebSocket));
        await socket.CloseAsync();
        await Eventually.TrueAsync(() => servers.Sessions(0) == 0, "the end of the session");
    }

    [Fact]
    public async Task A_large_message_passes_in_both_directions_and_binary_stays_binary()
    {
        await using var servers = await ForwardingServers.StartAsync(map: io => io.On("bytes", (byte[] bytes) => bytes));
        var client = await PollingClient.JoinAsync(servers[0]);
        var text = new string('x', 900_000);

        await using var socket = await UpgradeAsync(servers, client);
        await socket.SendAsync($"420[\"echo\",\"{text}\"]");
        Assert.Equal($"430[\"{text}\"]", await socket.ReadAsync());
        await socket.SendAsync("""451-1["bytes",{"_placeholder":true,"num":0}]""");
        await socket.SendAsync([1, 2, 3]);

        Assert.Equal("""461-1[{"_placeholder":true,"num":0}]""", await socket.ReadAsync());
        Assert.Equal("b:010203", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_probe_is_answered_and_a_client_that_leaves_it_goes_on_polling()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);

        await using (var socket = await client.UpgradeAtAsync(servers[1]))
        {
            await socket.SendAsync("2probe");
            Assert.Equal("3probe", await socket.ReadAsync());
            await socket.CloseAsync();
        }

        await client.PostAtAsync(servers[1], """420["echo","a"]""");
        var poll = (await client.PollAtAsync(servers[1])).Body;
        Assert.Equal("""430["a"]""", poll == "6" ? (await client.PollAtAsync(servers[1])).Body : poll);
    }

    [Fact]
    public async Task The_server_ends_the_connection_and_the_client_sees_the_close_frame()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using var socket = await UpgradeAsync(servers, client);

        await servers[0].Io.DisconnectAsync(close: true);

        Assert.Equal("41", await socket.ReadAsync());
        Assert.StartsWith("closed 1000", await socket.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_ends_the_connection_and_the_session_ends()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using var socket = await UpgradeAsync(servers, client);

        await socket.CloseAsync();

        await Eventually.TrueAsync(() => servers.Sessions(0) == 0, "the end of the session");
    }

    [Fact]
    public async Task The_client_vanishes_and_the_session_ends()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using (var socket = new RawWebSocket(await RawWebSocket.UpgradeAsync(servers[1], client.Url.Replace("polling", "websocket", StringComparison.Ordinal))))
        {
            await socket.SendAsync(RawWebSocket.Frame(0x81, "2probe"));
            Assert.Equal("81 3probe", await socket.ReadAsync());
            await socket.SendAsync(RawWebSocket.Frame(0x81, "5"));
            await Eventually.TrueAsync(() => servers.EngineOf(0).Sessions.All.Single().TransportName == "websocket", "the upgrade");
        }

        await Eventually.TrueAsync(() => servers.Sessions(0) == 0, "the end of the session");
    }

    [Fact]
    public async Task A_WebSocket_of_an_unknown_session_is_refused()
    {
        await using var servers = await ForwardingServers.StartAsync();

        await using var raw = await RawConnection.OpenAsync(servers[1].Address);
        await raw.SendAsync(RawWebSocket.Request($"/socket.io/?EIO=4&transport=websocket&sid={servers.Node(0).Id}aaaaaaaaaaaaaaaaaaaa"));

        Assert.StartsWith("HTTP/1.1 400 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stops_ends_the_connections_that_it_forwards()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using var socket = await UpgradeAsync(servers, client);
        await Eventually.TrueAsync(() => servers.EngineOf(0).Sessions.All.Single().TransportName == "websocket", "the upgrade");

        await servers[1].StopInTimeAsync();

        Assert.Contains(await socket.ReadAsync(), (string[])["aborted", "closed "]);
        await Eventually.TrueAsync(() => servers.Sessions(0) == 0, "the end of the session");
    }

    private static async Task<SocketClient> UpgradeAsync(ForwardingServers servers, PollingClient client)
    {
        var socket = await client.UpgradeAtAsync(servers[1]);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");
        return socket;
    }
}
