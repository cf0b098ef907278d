using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SocketIOServer.Epoll;

/// <summary>The work that threads schedule on a loop, and the kernel's event that wakes the loop for it.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The finalizer of the handle closes the event. See the comment on the field.")]
internal sealed class LoopQueue
{
    // Closed by its finalizer, because a thread that schedules might write late. The number of the file must not belong to another file then.
    private readonly SafeFileHandle _wake;
    private readonly ConcurrentQueue<(Action<object?> Action, object? State, bool IsApplication)> _work = new();
    private int _isAsleep;

    public LoopQueue()
    {
        var file = Native.CreateEvent(0, Native.CloseOnExec | Native.NonBlocking);
        if (file < 0) throw new InvalidOperationException($"The kernel cannot create an eventfd: {Marshal.GetLastPInvokeErrorMessage()}.");
        _wake = new(file, ownsHandle: true);
    }

    /// <summary>Whether the loop waits for events and was not woken. Can be read from any thread.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) == 1;

    public bool IsEmpty => _work.IsEmpty;

    public int Count => _work.Count;

    /// <summary>The file of the event. The loop waits for it together with its connections.</summary>
    public int WakeFile => (int)_wake.DangerousGetHandle();

    /// <summary>Adds work. Can be called from any thread. isApplication: the work might block.</summary>
    public void Enqueue(Action<object?> action, object? state, bool isApplication)
    {
        _work.Enqueue((action, state, isApplication));
        // The loop first records that it sleeps and then checks the queue; here the order is reversed.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 0 || Interlocked.Exchange(ref _isAsleep, 0) == 0) return;
        var one = 1ul;
        Native.Write(_wake, ref one, sizeof(ulong));
    }

    public bool TryDequeue(out (Action<object?> Action, object? State, bool IsApplication) work) => _work.TryDequeue(out work);

    /// <summary>
    /// Called before the loop waits. Work that is added from now on wakes the loop. Work that was added before is seen by <see cref="IsEmpty"/>.
    /// </summary>
    public void BeginSleep() => Interlocked.Exchange(ref _isAsleep, 1);

    public void EndSleep() => Volatile.Write(ref _isAsleep, 0);

    /// <summary>Called when the event of <see cref="WakeFile"/> has been reported.</summary>
    public void OnWoken()
    {
        var count = 0ul;
        Native.Read(_wake, ref count, sizeof(ulong));
    }
}
