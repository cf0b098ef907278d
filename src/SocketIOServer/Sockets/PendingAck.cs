using System.Text.Json;
using SocketIOServer.Json;

namespace SocketIOServer.Sockets;

/// <summary>An ack that somebody waits for.</summary>
internal interface IPendingAck
{
    /// <summary>Whether it counts for MaxPendingAcks. One that does not has a limit of its own.</summary>
    bool IsCounted => true;

    /// <summary>The client has answered. Called on the receive loop; the arguments are borrowed.</summary>
    void Complete(JsonArguments answer);

    void Leave(LeaveReason reason);
}

/// <inheritdoc/>
internal sealed class PendingAck<T> : IPendingAck
{
    // The caller's code must not continue on the receive loop.
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _source.Task;

    public void Complete(JsonArguments answer)
    {
        try
        {
            _source.TrySetResult(answer.ReadOrNull<T>()!);
        }
        catch (Exception e)
        {
            // The answer is not a T. The caller always gets the same type of exception for that. A constructor or a converter of the program may have thrown,
            // and this is the receive loop.
            Fail(e as JsonException ?? new JsonException($"The client's answer is no {typeof(T).Name}.", e));
        }
    }

    public void Leave(LeaveReason reason) => Fail(new SocketDisconnectedException(reason));

    private void Fail(Exception error)
    {
        // Observed here: the caller may have stopped waiting at this moment, and an unobserved exception would be reported to the whole process.
        if (_source.TrySetException(error)) _ = _source.Task.Exception;
    }
}
