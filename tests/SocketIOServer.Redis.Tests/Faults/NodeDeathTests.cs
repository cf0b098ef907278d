using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>Three servers, two of them processes of their own. One of these is killed, or frozen for longer than a server may be silent.</summary>
public sealed class NodeDeathTests : IAsyncLifetime
{
    private static readonly TimeSpan DeadAfter = Rounds.Take(2, 6);
    // The deadline of a question, and a little for a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5.5);

    private readonly List<NodeProcess> _others = [];
    private RedisServer _redis = null!;
    private TestHost _host = null!;
    private Client _client = null!;

    private ISocketServer Io => _host.Io;

    private NodeProcess Lost => _others[1];

    private string[] AllIds => [.. new[] { _client.Id, _others[0].Client.Id, Lost.Client.Id }.Order(StringComparer.Ordinal)];

    private string[] LeftIds => [.. new[] { _client.Id, _others[0].Client.Id }.Order(StringComparer.Ordinal)];

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _host = await TestHost.StartAsync(
            io => io.On("unused", () => { }),
            build: builder => builder.Services.AddSingleton(TimeProvider.System).AddSocketIO(o => o.PingInterval = TimeSpan.FromHours(1)).AddRedis(_redis.Configuration)
                .AddCluster(o => (o.NodeName, o.DeadAfter, o.BeatInterval) = ("web-1", DeadAfter, DeadAfter / 3)));
        _client = await Client.JoinAsync(_host);
        var starting = new[] { "web-2", "web-3" }.Select(name => NodeProcess.StartAsync(_redis.Port, name, DeadAfter));
        foreach (var node in await Task.WhenAll(starting)) _others.Add(node);
        await Eventually.TrueAsync(() => Io.Cluster.Nodes.Count == 3, () => $"{Io.Cluster.Nodes.Count} servers are there");
        foreach (var node in _others)
        {
            var nodes = "";
            for (var i = 0; nodes != """431[["web-1","web-2","web-3"]]"""; i++)
            {
                Assert.True(i < 500, nodes);
                nodes = await node.AskAsync("nodes");
                await Task.Delay(5);
            }
        }

        Assert.Equal(Found(AllIds), await FetchAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _others) await node.DisposeAsync();
        await _client.DisposeAsync();
        await _host.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_is_killed_is_named_and_then_gone()
    {
        Lost.Kill();

        await AssertNamedThenGoneAsync();
    }

    [Fact]
    public async Task A_server_that_is_frozen_is_named_then_gone_and_harms_nobody_when_it_goes_on()
    {
        Lost.Freeze();

        await AssertNamedThenGoneAsync();
        await Io.EmitAsync("news", 1);
        Assert.Equal("""42["news",1]""", await _client.ReadAsync());

        Lost.Thaw();
        // What was sent meanwhile was kept by Redis, and everybody is there for it from the first moment on.
        Assert.Equal("""42["news",1]""", await Lost.ReadAsync("42["));
        Assert.Equal("""431[["web-1","web-2","web-3"]]""", await Lost.AskAsync("nodes"));
        Assert.Equal($$"""431[{"ids":["{{string.Join("\",\"", AllIds)}}"],"missingNodes":[]}]""", await Lost.AskAsync("fetch"));
        await Eventually.TrueAsync(() => Io.Cluster.Nodes.Count == 3, "it is not back");
        Assert.Equal(Found(AllIds), await FetchAsync());
        Assert.Equal("""42["news",1]""", await _others[0].Client.ReadAsync());
        Assert.Equal("""431[["web-1","web-2","web-3"]]""", await _others[0].AskAsync("nodes"));
    }

    private async Task AssertNamedThenGoneAsync()
    {
        var clock = Stopwatch.StartNew();
        var fetching = FetchAsync();
        var asking = Io.CallAsync<int>("who", timeout: TimeSpan.FromSeconds(4));
        await _client.AnswerAsync("[1]");
        await _others[0].Client.AnswerAsync("[2]");

        Assert.Equal(Found(LeftIds, Lost.Name), await fetching);
        var reply = await asking;
        var named = clock.Elapsed;
        Assert.Equal([1, 2], reply.Replies.Values.Order());
        Assert.Equal([Lost.Name], reply.MissingNodes);
        Assert.True(named <= Limit, $"named after {named}");

        await Eventually.TrueAsync(() => Io.Cluster.Nodes.Count == 2, "it does not count as gone");
        var gone = clock.Elapsed;
        clock.Restart();
        Assert.Equal(Found(LeftIds), await FetchAsync());
        Rounds.Say($"node death: fetch and ack named it after {named.TotalSeconds:0.0} s, it was gone after {gone.TotalSeconds:0.0} s, then a fetch took {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"a fetch took {clock.Elapsed}");
    }

    private static string Found(string[] ids, params string[] missing) => $"{string.Join(' ', ids)}; missing {string.Join(' ', missing)}";

    private async Task<string> FetchAsync()
    {
        var sockets = await Io.FetchSocketsAsync();
        return Found([.. sockets.Select(socket => socket.Id).Order(StringComparer.Ordinal)], [.. sockets.MissingNodes]);
    }
}
