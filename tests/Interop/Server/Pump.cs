namespace SocketIOServer.Interop.Server;

/// <summary>Emits numbers all the time, beside the handlers of its socket, until it is stopped or the client has gone.</summary>
internal sealed class Pump
{
    private readonly CancellationTokenSource _stop;
    private readonly Task<int> _run;

    private Pump(ISocket socket)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(socket.Disconnected);
        _run = RunAsync(socket, _stop.Token);
    }

    public static Pump Start(ISocket socket) => new(socket);

    /// <summary>Completes with the count of numbers emitted.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    private static async Task<int> RunAsync(ISocket socket, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var count = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop)) await socket.EmitAsync("tick", count++);
        }
        catch (OperationCanceledException)
        {
            // Stopped; what was emitted is counted.
        }
        return count;
    }
}
