using System.IO.Pipelines;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Epoll;

/// <summary>
/// One connection: a pipe to Kestrel, which the loop's thread fills, and an output. If inline execution is on, the application runs on the loop's thread too.
/// </summary>
internal sealed partial class EpollConnection : ConnectionContext, IPolled
{
    // After this many bytes of one connection, the loop serves its other connections.
    private const int MaxAtOnce = 64 * 1024;

    // A smaller rest of a block is not worth a system call.
    private const int MinimumBuffer = 2048;

    private static long _lastId = TimeProvider.System.GetUtcNow().Ticks;

    private readonly int _file;
    private readonly EpollLoop _loop;
    private readonly Pipe _input;
    private readonly EpollOutput _output;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionFeatures _features;
    private Exception? _reason;   // why the connection ended
    private Exception? _failure;  // the error of the input
    private bool _isPaused;       // the application has enough to read
    private bool _hasPeerEnded;   // what it sent before might not be read yet
    private bool _isAtEnd;        // there is no more to read
    private bool _isInputOver;
    private bool _isClosed;

    public EpollConnection(int file, EpollLoop loop, EndPoint local, EndPoint remote)
    {
        _file = file;
        _loop = loop;
        _input = new(loop.InputOptions);
        _output = new(this, file, loop);
        _features = new(this, loop);
        Transport = new Duplex(_input.Reader, _output);
        LocalEndPoint = local;
        RemoteEndPoint = remote;
        ConnectionClosed = _closing.Token;
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId { get; set; } = Interlocked.Increment(ref _lastId).ToString("x16", null);

    public override IFeatureCollection Features => _features;

    public override IDictionary<object, object?> Items
    {
        get => field ??= new ConnectionItems();
        set;
    }

    public static ConnectionResetException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error));

    public void Start() => _loop.Schedule(static state => ((EpollConnection)state!).Open(), this);

    public override void Abort(ConnectionAbortedException abortReason) => End(abortReason);

    /// <summary>Ends the connection. Can be called from any thread. Without a reason, the kernel still sends what it has.</summary>
    public void End(Exception? reason)
    {
        if (reason is null)
        {
            _loop.Schedule(static state => ((EpollConnection)state!).Close(null), this);
            return;
        }

        Interlocked.CompareExchange(ref _reason, reason, null);
        _loop.Schedule(static state => ((EpollConnection)state!).Close(((EpollConnection)state)._reason), this);
    }

    /// <summary>Called once, on any thread, when nothing uses the file any more.</summary>
    public void OnOutputOver() => _loop.Schedule(static state => ((EpollConnection)state!).CloseFile(), this);

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        await _output.CompleteAsync().ConfigureAwait(false);
        await _done.Task.ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    public void OnEvents(uint flags)
    {
        if ((flags & (Native.PeerEnded | Native.HungUp | Native.Failed)) != 0) _hasPeerEnded = true;
        if ((flags & ~Native.Readable) != 0) _output.OnWritable();
        if ((flags & ~Native.Writable) != 0) Receive();
    }

    private void Open()
    {
        const uint Flags = Native.Readable | Native.Writable | Native.PeerEnded | Native.EdgeTriggered;
        if (!_isClosed && !_loop.TryAdd(_file, this, Flags)) Close(new ConnectionAbortedException("The kernel cannot add the connection to the epoll instance."));
    }

    // Must be the last step of its caller, because it ends with application code.
    private void Receive()
    {
        if (_isPaused || _isAtEnd) return;
        var received = Fill();
        if (received > 0) Flush();
        // Scheduled, so that it runs after the application has responded to what it reads now.
        if (_isAtEnd && !_isPaused) _loop.Schedule(static state => ((EpollConnection)state!).EndInput(), this);
        else if (received >= MaxAtOnce) _loop.Schedule(static state => ((EpollConnection)state!).Receive(), this);
        if (received > 0) _loop.RunReader();
    }

    private int Fill()
    {
        var received = 0;
        while (received < MaxAtOnce)
        {
            var buffer = _input.Writer.GetSpan(MinimumBuffer);
            var got = (int)Native.Receive(_file, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, 0);
            if (got > 0)
            {
                _input.Writer.Advance(got);
                received += got;
                // Everything was read. A later event reports further data.
                if (got < buffer.Length && !_hasPeerEnded) break;
                continue;
            }

            var error = got == 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error == Native.Interrupted) continue;
            if (error == Native.WouldBlock) break;
            _isAtEnd = true;
            if (error != 0) _failure = Failure(error);
            break;
        }

        return received;
    }

    private void Flush()
    {
        var flush = FlushAsync();
        if (!flush.IsCompleted) _ = ResumeAfterAsync(flush);
    }

    private async Task FlushAsync()
    {
        _isPaused = true;
        try
        {
            var result = await _loop.FlushAsync(_input.Writer).ConfigureAwait(false);
            _isAtEnd |= result.IsCompleted;
        }
        catch (Exception)
        {
            // The application completed its input with an exception, which is thrown here.
            _isAtEnd = true;
        }

        _isPaused = false;
    }

    // Runs on the loop, because the pipe schedules it there. Nothing has read the data that arrived in the meantime.
    private async Task ResumeAfterAsync(Task flush)
    {
        await flush.ConfigureAwait(false);
        if (_isAtEnd) EndInput();
        else Receive();
    }

    private void Close(Exception? reason)
    {
        if (_isClosed) return;
        _isClosed = true;
        if (reason is null) Native.Shutdown(_file, Native.Both);
        else Native.ResetOnClose(_file);
        _output.End();
        EndInput(reason);
        _input.Writer.CancelPendingFlush();
    }

    private void CloseFile()
    {
        _loop.Close(_file);
        _done.TrySetResult();
    }

    private void EndInput(Exception? reason = null)
    {
        if (_isInputOver) return;
        _isInputOver = _isAtEnd = true;
        _failure ??= reason;
        // The application's code for the end of a connection must not run on the loop.
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.TellEnd(), this, preferLocal: false);
    }

    private void TellEnd()
    {
        try
        {
            // The reader can continue inline here.
            _input.Writer.Complete(_failure);
            _closing.Cancel();
        }
        catch (Exception e)
        {
            // The last catch of the pool's thread, for exceptions of the application's callbacks.
            LogClosedFailed(_loop.Log, ConnectionId, e);
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
