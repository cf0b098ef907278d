namespace SocketIOServer.Soak.Server;

/// <summary>Numbered events of one socket, both ways.</summary>
internal sealed class Sequence
{
    private const int Burst = 20;

    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _received;
    private int _wrong;

    /// <summary>The next number must be the one behind the last: nothing is lost, doubled or out of order.</summary>
    public void Receive(int number)
    {
        if (number != _received) _wrong++;
        _received++;
    }

    /// <summary>How many have come, and how many of them were not the number that was due.</summary>
    public (int Received, int Wrong) Total => (_received, _wrong);

    /// <summary>The client is ready for the last quarter.</summary>
    public void SendRest() => _rest.TrySetResult();

    /// <summary>Emits the numbers in bursts; the last quarter when the client says so.</summary>
    public async Task SendAsync(ISocket socket, int count)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (i == count * 3 / 4) await _rest.Task.WaitAsync(socket.Disconnected);
                await socket.EmitAsync("number", i);
                if (i % Burst == 0) await Task.Delay(1, socket.Disconnected);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
    }
}
