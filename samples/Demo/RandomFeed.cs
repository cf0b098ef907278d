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

    public static void Map(SocketNamespaceBuilder feed) => feed
        .OnConnected((ISocket socket, RandomFeed numbers) =>
            socket.EmitAsync("server_response", Volatile.Read(ref numbers._latest)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var numbers = Draw();
            Volatile.Write(ref _latest, numbers);
            await server.Of("/test_conn").EmitAsync("server_response", numbers);
        }
    }

    private static Numbers Draw() =>
        new([.. Enumerable.Range(0, 10).Select(_ => Random.Shared.Next(1, 101))]);

    private sealed record Numbers(int[] Data);
}
