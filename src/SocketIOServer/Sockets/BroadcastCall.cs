using SocketIOServer.Events;
using SocketIOServer.Json;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Sockets;

/// <summary>An event on its way to many, each of which is asked for an ack.</summary>
internal abstract class BroadcastCall(PacketBody body)
{
    private readonly List<(Socket Socket, long Id)> _asked = [];

    /// <summary>On the caller's thread, before <see cref="EndAsync"/>.</summary>
    public void Ask(Socket socket)
    {
        if (socket.Ask(body, CreateAck(socket)) is { } id) _asked.Add((socket, id));
    }

    protected abstract Task Answered { get; }

    /// <summary>Waits, then takes back what was not answered.</summary>
    protected async Task EndAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await Answered.WaitAsync(timeout, time, cancel);
        }
        catch (TimeoutException)
        {
            // Who is missing is told in the reply.
        }
        finally
        {
            foreach (var (socket, id) in _asked) socket.Forget(id);
        }
    }

    protected abstract IPendingAck CreateAck(Socket socket);
}

/// <inheritdoc/>
internal sealed class BroadcastCall<T>(PacketBody body, Namespace @namespace) : BroadcastCall(body)
{
    private const string Name = "(the ack of a broadcast)";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, T> _replies = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Namespace _namespace = @namespace;

    // One for the caller, who may still be asking.
    private int _open = 1;

    protected override Task Answered => _answered.Task;

    public async Task<BroadcastReply<T>> EndAsync(TimeProvider time, TimeSpan timeout, CancellationToken cancel)
    {
        Close();
        await EndAsync(timeout, time, cancel);
        // Copies: an answer may be coming in just now.
        lock (_gate) return new(new Dictionary<string, T>(_replies, StringComparer.Ordinal), [.. _missing]);
    }

    protected override IPendingAck CreateAck(Socket socket)
    {
        lock (_gate) _missing.Add(socket.Id);
        Interlocked.Increment(ref _open);
        return new Reply(this, socket);
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0) _answered.TrySetResult();
    }

    private sealed class Reply(BroadcastCall<T> call, Socket socket) : IPendingAck
    {
        public void Complete(JsonArguments answer)
        {
            try
            {
                var value = answer.ReadOrNull<T>();
                lock (call._gate)
                {
                    call._replies[socket.Id] = value!;
                    call._missing.Remove(socket.Id);
                }
            }
            catch (Exception e)
            {
                // One client's nonsense is not the others' failure: it stays missing. What is not the client's fault nobody else would see.
                if (!JsonArguments.IsFault(e)) UserCode.OnFailed(e, Name, call._namespace, socket);
                // The caller learns no reason, and it is its own type that cannot carry the answer.
                else if (e is UncarriedBinaryException) UserCode.OnNotHandled(Name, socket, call._namespace, e.Message);
            }

            call.Close();
        }

        public void Leave(LeaveReason reason) => call.Close();
    }
}
