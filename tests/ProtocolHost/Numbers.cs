using System.Diagnostics;
using SocketIOServer;

namespace ProtocolHost;

/// <summary>Emits numbered events to all clients and to rooms, until the process ends or it is told to stop. Other programs check that none is missing.</summary>
internal sealed class Numbers(ISocketServer io, IConfiguration settings) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<int> _count = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Begin() => _begun.TrySetResult();

    public async Task<int> EndAsync()
    {
        await _ended.CancelAsync();
        return await _count.Task;
    }

    /// <summary>The room of a number. Null: it is for all.</summary>
    public static string? RoomOf(int number) => number % 3 == 0 ? null : $"r{number % 5}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _ended.Token);
        var key = settings["numbers"]!;
        var rate = settings.GetValue("rate", 100);
        var count = 0;
        try
        {
            await _begun.Task.WaitAsync(ended.Token);
            var begin = Stopwatch.GetTimestamp();
            using var timer = new PeriodicTimer(Tick);
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                for (var due = Stopwatch.GetElapsedTime(begin).TotalSeconds * rate; count < due; count++)
                {
                    if (RoomOf(count) is { } room) await io.To(room).EmitAsync("n", key, count);
                    else await io.EmitAsync("n", key, count);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }

        _count.SetResult(count);
        Console.WriteLine($"emitted {count}");
    }
}
