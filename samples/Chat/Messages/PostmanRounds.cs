using System.Globalization;
using SocketIOServer;
using SocketIOServer.Cluster;

namespace Chat.Messages;

/// <summary>
/// After an outage of the bus, brings the private messages that could not reach another node meanwhile to the devices of all nodes. They wait in the store.
/// </summary>
internal sealed class PostmanRounds(Postman postman, [FromKeyedServices(ChatApp.Server)] ISocketServer server, TimeProvider time) : BackgroundService
{
    public const string Wanted = "waiting messages";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private bool _isWanted;

    /// <summary>This node goes round soon, once however many nodes ask for it.</summary>
    public void Want() => Volatile.Write(ref _isWanted, true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var before = server.Cluster.State;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var state = server.Cluster.State;
            if (state == BusState.Alive && before != BusState.Alive)
            {
                Want();
                await server.Cluster.EmitAsync(Wanted);
            }

            before = state;
            if (Interlocked.Exchange(ref _isWanted, false)) await GoAsync(stoppingToken);
        }
    }

    private async Task GoAsync(CancellationToken stop)
    {
        foreach (var device in await server.Of(PrivateController.Path).Local.FetchSocketsAsync(stop))
            await postman.TryDeliverWaitingAsync(long.Parse(device.UserId!, CultureInfo.InvariantCulture), device.Id, stop);
    }
}
