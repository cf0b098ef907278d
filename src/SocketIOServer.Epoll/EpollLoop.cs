using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace SocketIOServer.Epoll;

/// <summary>
/// Waits for its connections and reads them. As a scheduler it is the queue of its round: what is scheduled while events are handled runs after
/// them, so what many messages lead to leaves in one write.
/// </summary>
/// <remarks>
/// One thread at a time has the loop, with all its state and its sockets. While that thread is in the program's code it may be
/// relieved: another one goes on with the loop, and the first leaves it when it comes back.
/// </remarks>
internal sealed partial class EpollLoop : PipeScheduler, IDisposable
{
    // More would keep the first of them waiting for its answer; fewer would wait for the kernel more often.
    private const int EventsAtOnce = 256;

    // What Kestrel's pool has.
    private const int BlockSize = 4096;

    // Of this thread: the loop is another's.
    [ThreadStatic]
    private static bool _isRelieved;

    private readonly string _name;
    private readonly Action _onAwake;
    private readonly int _poll = Check(Native.CreatePoll(Native.CloseOnExec));

    // Closed by its finalizer: who schedules may be late with its write, which must not meet a file that has the number anew.
    private readonly SafeFileHandle _wake = new(Check(Native.CreateEvent(0, Native.CloseOnExec | Native.NonBlocking)), ownsHandle: true);
    private readonly PollEvents _events = new(EventsAtOnce);
    private readonly Dictionary<int, IPolled> _files = [];
    private readonly ConcurrentQueue<(Action<object?> Action, object? State, bool IsProgram)> _scheduled = new();
    private readonly Visits _visits;
    private readonly ManualResetEventSlim _ended = new();
    private Block? _spare;        // used last, so it is in the processor's cache
    private Thread? _thread;
    private int _ready;
    private int _next;
    private bool _isStopped;
    private int _isAsleep;

    /// <param name="pool">Its own.</param>
    /// <param name="options">The transport's.</param>
    /// <param name="log">The transport's.</param>
    /// <param name="name">Of its thread.</param>
    /// <param name="onAwake">Called each time that the loop begins, or goes on after it may have slept.</param>
    public EpollLoop(MemoryPool<byte> pool, EpollOptions options, ILogger log, string name, Action onAwake)
    {
        _name = name;
        _onAwake = onAwake;
        Pool = pool;
        Log = log;
        _visits = new(OnFailed);
        InputOptions = new(pool, options.RunInline ? _visits : ThreadPool, this, options.MaxReadBufferSize, options.MaxReadBufferSize / 2, useSynchronizationContext: false);
        MaxWriteBufferSize = options.MaxWriteBufferSize;
        Program = options.RunInline ? new ProgramScheduler(this) : null;
        Check(PollEvents.Add(_poll, FileOf(_wake), Native.Readable, FileOf(_wake)));
        StartThread();
    }

    public MemoryPool<byte> Pool { get; }

    public ILogger Log { get; }

    public PipeOptions InputOptions { get; }

    public long MaxWriteBufferSize { get; }

    /// <summary>Runs the program's code at the end of the round; null where that is not for the loop's thread.</summary>
    public PipeScheduler? Program { get; }

    /// <summary>It waits for something to do, and was not told of anything. Any thread.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) == 1;

    /// <summary>From any thread. What is scheduled once the loop has ended is dropped.</summary>
    public override void Schedule(Action<object?> action, object? state) => Schedule(action, state, isProgram: false);

    /// <summary>From any thread: memory for at least so many bytes.</summary>
    public Block Rent(int size)
    {
        if (size > BlockSize) return new(null, new byte[size]);
        if (Interlocked.Exchange(ref _spare, null) is { } spare) return spare;
        var owner = Pool.Rent(BlockSize);
        return new(owner, owner.Memory);
    }

    /// <summary>From any thread.</summary>
    public void Return(Block block)
    {
        if (block.IsSingle) return;
        block.Clear();
        if (Interlocked.CompareExchange(ref _spare, block, null) is not null) block.Free();
    }

    /// <summary>On the loop only.</summary>
    public bool TryAdd(int file, IPolled polled, uint flags)
    {
        _files[file] = polled;
        if (PollEvents.Add(_poll, file, flags, file) == 0) return true;
        _files.Remove(file);
        return false;
    }

    /// <summary>Leaves the file open. On the loop only.</summary>
    public void Remove(int file)
    {
        byte none = 0;
        _files.Remove(file);
        Native.ControlPoll(_poll, Native.Delete, file, ref none);
    }

    /// <summary>Closes it, which takes it out of the poll too. On the loop only, so no call meets a file that has its number anew.</summary>
    public void Close(int file)
    {
        _files.Remove(file);
        Native.Close(file);
    }

    /// <summary>On the loop only; <see cref="VisitProgram"/> must follow.</summary>
    public ValueTask<FlushResult> FlushAsync(PipeWriter writer) => _visits.FlushAsync(writer);

    /// <summary>Lets the program read what was flushed. On the loop only, and the last thing of a call: the thread may come back without the loop.</summary>
    public void VisitProgram()
    {
        if (!_visits.TryRunWoken()) _isRelieved = true;
    }

    /// <summary>Called from time to time, by one thread at a time: another thread takes over from one that the program has kept since the last call.</summary>
    public void Relieve()
    {
        if (_visits.TryRelieve()) StartThread();
    }

    /// <summary>Ends the loop after what is scheduled, and waits for that.</summary>
    public void Dispose()
    {
        Schedule(static state => ((EpollLoop)state!)._isStopped = true, this);
        _ended.Wait();
        _thread!.Join();
        _ended.Dispose();
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"The kernel refused a poll: {Marshal.GetLastPInvokeErrorMessage()}.");

    private static int FileOf(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private void Schedule(Action<object?> action, object? state, bool isProgram)
    {
        _scheduled.Enqueue((action, state, isProgram));
        // The loop says that it sleeps and then looks into the queue; here it is the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 0 || Interlocked.Exchange(ref _isAsleep, 0) == 0) return;
        var one = 1ul;
        Native.Write(_wake, ref one, sizeof(ulong));
    }

    private void StartThread()
    {
        _thread = new(Run) { IsBackground = true, Name = _name };
        _thread.UnsafeStart();
    }

    private void Run()
    {
        _onAwake();
        while (true)
        {
            while (_next < _ready)
            {
                Handle(_next++);
                if (_isRelieved) return;
            }

            // Only what is there now: what it schedules in its turn waits for the next round, behind what the sockets have to say.
            for (var left = _scheduled.Count; left > 0 && _scheduled.TryDequeue(out var work); left--)
            {
                if (!work.IsProgram) RunOwn(work.Action, work.State);
                else if (!_visits.TryRun(work.Action, work.State)) return;
                if (_isRelieved) return;
            }

            if (_isStopped) break;
            (_next, _ready) = (0, Wait());
        }

        Native.Close(_poll);
        Pool.Dispose();
        _ended.Set();
    }

    private void Handle(int index)
    {
        var file = (int)_events.DataOf(index);
        if (_files.TryGetValue(file, out var polled))
        {
            try
            {
                polled.OnEvents(_events.FlagsOf(index));
            }
            catch (Exception e)
            {
                // The last catch of this thread, which others' connections need.
                OnFailed(e, polled);
            }
        }
        else if (file == FileOf(_wake))
        {
            var count = 0ul;
            Native.Read(_wake, ref count, sizeof(ulong));
        }
    }

    private void RunOwn(Action<object?> action, object? state)
    {
        try
        {
            action(state);
        }
        catch (Exception e)
        {
            // As in Handle.
            OnFailed(e, state);
        }
    }

    // Of a connection something may be half done now.
    private void OnFailed(Exception error, object? state)
    {
        var connection = state as EpollConnection;
        LogFailed(Log, error, connection?.ConnectionId);
        connection?.End(new ConnectionAbortedException("The server failed to serve the connection.", error));
    }

    private int Wait()
    {
        // Whoever queues from now on sees it and wakes the loop; whoever queued before is seen here.
        Interlocked.Exchange(ref _isAsleep, 1);
        var ready = Native.WaitPoll(_poll, ref _events.First, _events.Capacity, _scheduled.IsEmpty ? Timeout.Infinite : 0);
        Volatile.Write(ref _isAsleep, 0);
        _onAwake();
        return Math.Max(0, ready);
    }

    private sealed class ProgramScheduler(EpollLoop loop) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => loop.Schedule(action, state, isProgram: true);
    }
}
