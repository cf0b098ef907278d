using SocketIOServer.Json;
using SocketIOServer.Sockets;

namespace SocketIOServer.Testing;

/// <summary>An ack that a client waits for. Its memory is a copy that can be kept.</summary>
internal sealed class PendingArguments : IPendingAck
{
    private readonly TaskCompletionSource<SocketIOTestArguments> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<SocketIOTestArguments> Task => _source.Task;

    public void Complete(JsonArguments answer) => _source.TrySetResult(new(answer));

    public void Leave(LeaveReason reason) => _source.TrySetException(new SocketDisconnectedException(reason));
}
