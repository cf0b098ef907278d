using System.Text.Json;
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
        catch (Exception e)
        {
            // What the client sent is no T: the caller's to know, and always by the same type. The constructor or the converter that threw may be
            // the program's, and this is the receive loop.
            Fail(e as JsonException ?? new JsonException($"The client's answer is no {typeof(T).Name}.", e));
        }
    }

    public void Leave(LeaveReason reason) => Fail(new SocketDisconnectedException(reason));

    private void Fail(Exception error)
    {
        // Seen here: the one who waits may have given up in this moment, and an exception that nobody sees is told to the whole process.
        if (_source.TrySetException(error)) _ = _source.Task.Exception;
    }
}
