using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll;

/// <summary>
/// Waits for events of its connections and reads from them. As a scheduler, it is the queue of its round: work that is scheduled while events are handled runs
/// after them, so the responses to many messages are sent in one write.
/// </summary>
/// <remarks>
/// One thread at a time has the loop, with all its state and its sockets. If the application blocks that thread, another one takes over the loop (<see
/// cref="ReplaceBlockedThread"/>). The first thread leaves the loop when it returns.
/// </remarks>
internal sealed partial class EpollLoop : PipeScheduler, IDisposable
{
    // With more events, the first connection would wait longer for its response. With fewer, the loop would call the kernel more often.
    private const int EventsAtOnce = 256;

    // Whether another thread has taken over the loop of this thread.
    [ThreadStatic]
    private static bool _isReplaced;

    private readonly string _name;
    private readonly Action _onAwake;
    private readonly int _poll = Check(Native.CreatePoll(Native.CloseOnExec));

    private readonly PollEvents _events = new(EventsAtOnce);
    private readonly Dictionary<int, IPolled> _files = [];
    private readonly LoopQueue _queue = new();
    private readonly ApplicationRunner _application;
    private readonly ManualResetEventSlim _ended = new();
    private Thread? _thread;
    private int _ready;
    private int _next;
    private bool _isStopped;

    /// <param name="pool">The pool of this loop.</param>
    /// <param name="options">The settings of the transport.</param>
    /// <param name="log">The log of the transport.</param>
    /// <param name="name">The name of the loop's thread.</param>
    /// <param name="onAwake">Called each time the loop starts, or continues after it might have slept.</param>
    public EpollLoop(MemoryPool<byte> pool, EpollOptions options, ILogger log, string name, Action onAwake)
    {
        _name = name;
        _onAwake = onAwake;
        Pool = pool;
        Log = log;
        _application = new(OnFailed);
        Blocks = new(pool);
        InputOptions = new(pool, options.RunInline ? _application : ThreadPool, this, options.MaxReadBufferSize, options.MaxReadBufferSize / 2, useSynchronizationContext: false);
        MaxWriteBufferSize = options.MaxWriteBufferSize;
        ApplicationScheduler = options.RunInline ? new EndOfRound(this) : null;
        Check(PollEvents.Add(_poll, _queue.WakeFile, Native.Readable, _queue.WakeFile));
        StartThread();
    }

    public MemoryPool<byte> Pool { get; }

    public BlockPool Blocks { get; }

    public ILogger Log { get; }

    public PipeOptions InputOptions { get; }

    public long MaxWriteBufferSize { get; }

    /// <summary>Runs work of the application at the end of the round. Null if the application does not run on the loop's thread.</summary>
    public PipeScheduler? ApplicationScheduler { get; }

    /// <inheritdoc cref="LoopQueue.IsAsleep"/>
    public bool IsAsleep => _queue.IsAsleep;

    /// <summary>Schedules work. Can be called from any thread. After the loop has ended, work is dropped.</summary>
    public override void Schedule(Action<object?> action, object? state) => _queue.Enqueue(action, state, isApplication: false);

    /// <summary>Adds a file. Must be called on the loop.</summary>
    public bool TryAdd(int file, IPolled polled, uint flags)
    {
        _files[file] = polled;
        if (PollEvents.Add(_poll, file, flags, file) == 0) return true;
        _files.Remove(file);
        return false;
    }

    /// <summary>Removes a file without closing it. Must be called on the loop.</summary>
    public void Remove(int file)
    {
        byte none = 0;
        _files.Remove(file);
        Native.ControlPoll(_poll, Native.Delete, file, ref none);
    }

    /// <summary>
    /// Closes a file, which also removes it from the poll. Must be called on the loop, so that no system call uses the number of a file that was closed and
    /// opened again.
    /// </summary>
    public void Close(int file)
    {
        _files.Remove(file);
        Native.Close(file);
    }

    /// <summary>Flushes a connection's input. Must be called on the loop. <see cref="RunReader"/> must follow.</summary>
    public ValueTask<FlushResult> FlushAsync(PipeWriter writer) => _application.FlushAsync(writer);

    /// <summary>
    /// Lets the application read what was flushed. Must be called on the loop, as the last step, because another thread might have the loop when it returns.
    /// </summary>
    public void RunReader()
    {
        if (!_application.TryRunWoken()) _isReplaced = true;
    }

    /// <summary>
    /// Called at intervals, by one thread at a time. If the application has blocked the loop's thread since the last call, another thread takes over the loop.
    /// </summary>
    public void ReplaceBlockedThread()
    {
        if (_application.TryReplaceThread()) StartThread();
    }

    /// <summary>Ends the loop after all scheduled work, and waits for the end.</summary>
    public void Dispose()
    {
        Schedule(static state => ((EpollLoop)state!)._isStopped = true, this);
        _ended.Wait();
        _thread!.Join();
        _ended.Dispose();
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new InvalidOperationException($"The kernel cannot create an epoll instance: {Marshal.GetLastPInvokeErrorMessage()}.");

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
                if (_isReplaced) return;
            }

            // Only the work that is in the queue now. Work that it schedules runs in the next round, after the events of the sockets.
            for (var left = _queue.Count; left > 0 && _queue.TryDequeue(out var work); left--)
            {
                if (!work.IsApplication) RunOwn(work.Action, work.State);
                else if (!_application.TryRun(work.Action, work.State)) return;
                if (_isReplaced) return;
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
                // The last catch of this thread, because other connections depend on it.
                OnFailed(e, polled);
            }
        }
        else if (file == _queue.WakeFile)
        {
            _queue.OnWoken();
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

    // The connection might be in the middle of an operation.
    private void OnFailed(Exception error, object? state)
    {
        var connection = state as EpollConnection;
        LogFailed(Log, error, connection?.ConnectionId);
        connection?.End(new ConnectionAbortedException("The server failed to serve the connection.", error));
    }

    private int Wait()
    {
        _queue.BeginSleep();
        var ready = Native.WaitPoll(_poll, ref _events.First, _events.Capacity, _queue.IsEmpty ? Timeout.Infinite : 0);
        _queue.EndSleep();
        _onAwake();
        return Math.Max(0, ready);
    }

    private sealed class EndOfRound(EpollLoop loop) : PipeScheduler
    {
        public override void Schedule(Action<object?> action, object? state) => loop._queue.Enqueue(action, state, isApplication: true);
    }
}
