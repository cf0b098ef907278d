using SocketIOServer;

namespace Demo;

/// <summary>
/// Namespace "/test_conn": ten random numbers for everybody every five seconds. One loop serves all clients, however many
/// there are; who connects between two draws gets the latest one at once instead of looking at an empty page.
/// </summary>
internal sealed class RandomFeed(ISocketServer server, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private Numbers _latest = Draw();

    public static void Map(SocketEndpointBuilder io)
    {
        io.Of("/test_conn").OnConnected((ISocket socket, RandomFeed feed) =>
            socket.EmitAsync("server_response", Volatile.Read(ref feed._latest)));
        io.OnCluster("drawn", (Numbers numbers, RandomFeed feed) =>
            Volatile.Write(ref feed._latest, numbers));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // One server of a cluster draws for all of them.
            if (server.Cluster.Nodes.Min(node => node.Id) != server.Cluster.NodeId) continue;
            var numbers = Draw();
            Volatile.Write(ref _latest, numbers);
            await server.Of("/test_conn").EmitAsync("server_response", numbers);
            await server.Cluster.EmitAsync("drawn", numbers);
        }
    }

    private static Numbers Draw() =>
        new([.. Enumerable.Range(0, 10).Select(_ => Random.Shared.Next(1, 101))]);

    private sealed record Numbers(int[] Data);
}
