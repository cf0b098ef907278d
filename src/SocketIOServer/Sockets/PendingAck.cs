using SocketIOServer.Json;

namespace SocketIOServer.Sockets;

/// <summary>One ack that is waited for.</summary>
internal interface IPendingAck
{
    /// <summary>On the receive loop; the arguments are borrowed.</summary>
    void Complete(JsonArguments answer);

    void Leave(LeaveReason reason);
}

/// <inheritdoc/>
internal sealed class PendingAck<T> : IPendingAck
{
    // The one who waits must not run on the receive loop.
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _source.Task;

    public void Complete(JsonArguments answer)
    {
        try
        {
            _source.TrySetResult(answer.ReadOrNull<T>()!);
        }
        catch (Exception e) when (JsonArguments.IsFault(e))
        {
            // What the client sent is no T: the caller's to know.
            _source.TrySetException(e);
        }
    }

    public void Leave(LeaveReason reason) => _source.TrySetException(new SocketDisconnectedException(reason));
}
