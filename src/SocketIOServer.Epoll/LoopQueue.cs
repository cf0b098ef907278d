using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SocketIOServer.Epoll;

/// <summary>Work that any thread gives to a loop, and the kernel's event that wakes the loop for it.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The finalizer of the handle closes the event. See the comment on the field.")]
internal sealed class LoopQueue
{
    // Closed by its finalizer: a thread that schedules may be late with its write, which must not meet a file that has the number anew.
    private readonly SafeFileHandle _wake;
    private readonly ConcurrentQueue<(Action<object?> Action, object? State, bool IsApplication)> _work = new();
    private int _isAsleep;

    public LoopQueue()
    {
        var file = Native.CreateEvent(0, Native.CloseOnExec | Native.NonBlocking);
        if (file < 0) throw new InvalidOperationException($"The kernel refused an event: {Marshal.GetLastPInvokeErrorMessage()}.");
        _wake = new(file, ownsHandle: true);
    }

    /// <summary>The loop waits for its files, and was not woken. Any thread.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) == 1;

    public bool IsEmpty => _work.IsEmpty;

    public int Count => _work.Count;

    /// <summary>The file of the event. The loop waits for it together with its connections.</summary>
    public int WakeFile => (int)_wake.DangerousGetHandle();

    /// <summary>From any thread. isApplication: it may block.</summary>
    public void Enqueue(Action<object?> action, object? state, bool isApplication)
    {
        _work.Enqueue((action, state, isApplication));
        // The loop says that it sleeps and then looks into the queue; here the order is the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 0 || Interlocked.Exchange(ref _isAsleep, 0) == 0) return;
        var one = 1ul;
        Native.Write(_wake, ref one, sizeof(ulong));
    }

    public bool TryDequeue(out (Action<object?> Action, object? State, bool IsApplication) work) => _work.TryDequeue(out work);

    /// <summary>The loop is about to wait. Whoever enqueues from now on wakes it; what was enqueued before is seen by <see cref="IsEmpty"/>.</summary>
    public void BeginSleep() => Interlocked.Exchange(ref _isAsleep, 1);

    public void EndSleep() => Volatile.Write(ref _isAsleep, 0);

    /// <summary>The event of <see cref="WakeFile"/> has come.</summary>
    public void OnWoken()
    {
        var count = 0ul;
        Native.Read(_wake, ref count, sizeof(ulong));
    }
}
