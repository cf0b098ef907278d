using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Epoll;

/// <summary>
/// One connection: two pipes between the socket and Kestrel. All that touches the socket runs on the loop's thread; so does the program, where
/// it runs inline.
/// </summary>
internal sealed class EpollConnection : ConnectionContext, IPolled
{
    // A connection that never stops sending lets the others of its loop have their turn after so many bytes.
    private const int MaxAtOnce = 64 * 1024;

    // Below it the rest of a block is not worth a call of the kernel.
    private const int MinimumBuffer = 2048;

    private static long _lastId = TimeProvider.System.GetUtcNow().Ticks;

    private readonly int _file;
    private readonly EpollLoop _loop;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionFeatures _features;
    private TaskCompletionSource? _writable;
    private ConnectionAbortedException? _abort;
    private Exception? _failure;  // of the input
    private bool _isDelivering;   // the program is reading, or has enough to read
    private bool _hasPeerEnded;   // and what it sent before may still be there to read
    private bool _isAtEnd;        // there is no more to read
    private bool _isInputOver;
    private bool _isClosed;

    public EpollConnection(int file, EpollLoop loop, EndPoint local, EndPoint remote)
    {
        _file = file;
        _loop = loop;
        _input = new(loop.InputOptions);
        _output = new(loop.OutputOptions);
        _features = new(this, loop.Pool);
        Transport = new Duplex(_input.Reader, _output.Writer);
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

    public void Start() => _loop.Schedule(static state => ((EpollConnection)state!).Open(), this);

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Interlocked.CompareExchange(ref _abort, abortReason, null);
        _loop.Schedule(static state => ((EpollConnection)state!).Reset(), this);
    }

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        await _output.Writer.CompleteAsync().ConfigureAwait(false);
        await _done.Task.ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    public void OnEvents(uint flags)
    {
        if ((flags & (Native.PeerEnded | Native.HungUp | Native.Failed)) != 0) _hasPeerEnded = true;
        if ((flags & ~Native.Writable) != 0) Receive();
        if ((flags & ~Native.Readable) != 0) _writable?.TrySetResult();
    }

    private void Open()
    {
        const uint Flags = Native.Readable | Native.Writable | Native.PeerEnded | Native.EdgeTriggered;
        if (_isClosed) return;
        _ = SendAsync();
        if (!_loop.TryAdd(_file, this, Flags)) Close(new ConnectionAbortedException("The kernel takes no more files to wait for."));
    }

    private void Receive()
    {
        if (_isDelivering || _isInputOver) return;
        var received = Fill();
        if (received > 0)
        {
            // The program reads it here and now, where it runs inline.
            _isDelivering = true;
            var visit = _loop.Enter();
            var flush = _input.Writer.FlushAsync();
            if (!_loop.TryLeave(visit) || !flush.IsCompletedSuccessfully)
            {
                _ = DeliveredLaterAsync(flush);
                return;
            }

            Delivered(flush.Result);
        }

        if (_isAtEnd) EndInput(_failure);
        else if (received >= MaxAtOnce) _loop.Schedule(static state => ((EpollConnection)state!).Receive(), this);
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
                // All that there was; of what comes later there will be an event.
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

    private void Delivered(FlushResult result)
    {
        _isDelivering = false;
        _isAtEnd |= result.IsCompleted;
    }

    // The program has enough for now, or has taken the thread for itself.
    private async Task DeliveredLaterAsync(ValueTask<FlushResult> flush)
    {
        var result = await flush.ConfigureAwait(false);
        _loop.Schedule(
            _ =>
            {
                Delivered(result);
                // What came meanwhile was reported to nobody.
                if (_isAtEnd) EndInput(_failure);
                else Receive();
            },
            null);
    }

    private async Task SendAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var result = await _output.Reader.ReadAsync().ConfigureAwait(false);
                if (_isClosed) break;
                var left = result.Buffer;
                while (!left.IsEmpty && failure is null && !_isClosed)
                {
                    var sent = Send(left);
                    if (sent >= 0) left = left.Slice(sent);
                    else failure = await WritableAsync(Marshal.GetLastPInvokeError()).ConfigureAwait(false);
                }

                if (failure is not null || _isClosed) break;
                _output.Reader.AdvanceTo(left.End);
                if (result.IsCompleted) break;
            }
        }
        catch (Exception e)
        {
            // The program ended its output with an exception.
            failure = e;
        }

        await _output.Reader.CompleteAsync().ConfigureAwait(false);
        Close(failure);
    }

    private int Send(in ReadOnlySequence<byte> bytes)
    {
        var first = bytes.FirstSpan;
        // The blocks of a long message fill packets together.
        var flags = bytes.IsSingleSegment ? Native.NoSignal : Native.NoSignal | Native.More;
        return (int)Native.Send(_file, ref MemoryMarshal.GetReference(first), (nuint)first.Length, flags);
    }

    // Null once there is room again.
    private async ValueTask<Exception?> WritableAsync(int error)
    {
        if (error == Native.Interrupted) return null;
        if (error != Native.WouldBlock) return Failure(error);
        _writable = new();
        await _writable.Task.ConfigureAwait(false);
        _writable = null;
        return null;
    }

    private void Reset()
    {
        if (_isClosed) return;
        // struct linger { int l_onoff; int l_linger; }: the close is a reset, and what was not sent is dropped.
        var linger = 1L;
        Native.SetOption(_file, Native.SocketLevel, Native.Linger, ref linger, sizeof(long));
        Close(_abort);
    }

    private void Close(Exception? reason)
    {
        if (_isClosed) return;
        _isClosed = true;
        if (reason is null) Native.Shutdown(_file, Native.Both);
        _loop.Close(_file);
        EndInput(reason ?? _abort);
        _input.Writer.CancelPendingFlush();
        _output.Reader.CancelPendingRead();
        _writable?.TrySetResult();
        _done.TrySetResult();
    }

    private void EndInput(Exception? failure)
    {
        if (_isInputOver) return;
        _isInputOver = true;
        _failure = failure;
        // What the program does at the end of a connection is no part of the loop's work.
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection =>
            {
                connection._input.Writer.Complete(connection._failure);
                connection._closing.Cancel();
            },
            this,
            preferLocal: false);
    }

    private static ConnectionResetException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error));

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
