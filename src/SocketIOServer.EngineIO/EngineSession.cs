using System.IO.Pipelines;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>One client across all its requests: send, receive, upgrade, close once. Any thread may send and close.</summary>
internal sealed class EngineSession
{
    private readonly EngineServer _server;
    private readonly Heartbeat _heartbeat;
    private IEngineClient _client = null!;
    private CloseReason? _closeReason;
    private CancellationTokenSource? _closed;
    private SemaphoreSlim? _receiving;
    private ITimer? _forgetting;
    private int _upgrade;
    private int _hasFailed;
    private volatile bool _isBusy;

    public EngineSession(EngineServer server, string id, EngineProtocol protocol, Peer peer, ITransport transport, HandshakeRequest request)
    {
        _server = server;
        Id = id;
        Protocol = protocol;
        Peer = peer;
        Transport = transport;
        Request = request;
        Outbox = new(server.Options.MaxQueuedBytes);
        _heartbeat = Heartbeat.Create(this, server.Options, server.Time);
        StarvationMonitor.Shared.OnSessionOpened();
    }

    /// <summary>The secret that a client's requests are known by.</summary>
    public string Id { get; }

    public EngineProtocol Protocol { get; }

    public Peer Peer { get; }

    public HandshakeRequest Request { get; }

    public Outbox Outbox { get; }

    public ITransport Transport { get; private set; }

    /// <summary>Held by the transport that hands packets in, so that what came before an upgrade is handled before what comes after.</summary>
    public SemaphoreSlim Receiving => _receiving ?? Interlocked.CompareExchange(ref _receiving, new(1, 1), null) ?? _receiving;

    public CloseReason? CloseReason => Volatile.Read(ref _closeReason);

    public bool IsOpen => CloseReason is null;

    /// <summary>Told that this client, or something of it, was refused: why, and what would let it in.</summary>
    public void OnRefused(string reason, string details) => _server.Refusals.Add(reason, Request.Origin, Request.Host, details);

    /// <summary>Cancelled when the session closes; only our own transports register here, never user code.</summary>
    public CancellationToken Closed
    {
        get
        {
            // Made when a transport asks: a session between two polls needs none.
            if (_closed is null) Interlocked.CompareExchange(ref _closed, new CancellationTokenSource(), null);
            if (!IsOpen) Try(static session => session._closed!.Cancel());
            return _closed.Token;
        }
    }

    /// <summary>A packet is being handled, and none is read meanwhile.</summary>
    public bool IsBusy => _isBusy;

    public UpgradeState Upgrade => (UpgradeState)Volatile.Read(ref _upgrade);

    /// <summary>A request may find it: it is open, or its farewell was not polled yet.</summary>
    public bool IsFindable => IsOpen || CloseReason!.HasFarewell;

    /// <inheritdoc cref="Heartbeat.IsOverdue"/>
    public bool IsOverdue => IsOpen && _heartbeat.IsOverdue;

    public TimeProvider Time => _server.Time;

    /// <inheritdoc cref="Heartbeat.JudgeAsync"/>
    public Task JudgeAsync() => _heartbeat.JudgeAsync();

    /// <inheritdoc cref="PendingReads.WaitAsync"/>
    public ValueTask<bool> WaitForPendingReadsAsync() =>
        _server.PendingReads is { } reads ? reads.WaitAsync(Outbox.ConnectionScheduler ?? PipeScheduler.ThreadPool) : new(false);

    /// <summary>
    /// Queues a message, never waits. For many: others get it now too, and are written to in turns. False: the session is closed, or is now for being too slow.
    /// </summary>
    public bool Send(OutgoingMessage message, bool isForMany = false)
    {
        var result = Outbox.Add(message, insteadOfInline: isForMany ? _server.SendLoopScheduler : null);
        if (result == AddResult.Full) Close(CloseReason.SlowClient);
        return result == AddResult.Added;
    }

    /// <summary>Sends a message if the transport has nothing else to do, else drops it.</summary>
    public bool SendVolatile(OutgoingMessage message) => Outbox.Add(message, isVolatile: true) == AddResult.Added;

    /// <summary>
    /// Handles one packet. The caller holds <see cref="Receiving"/>. False: the session is closed. Never throws: what comes out of the
    /// application closes this session alone (<see cref="Fail"/>).
    /// </summary>
    public ValueTask<bool> ReceiveAsync(in EnginePacket packet)
    {
        if (!IsOpen) return new(false);
        ValueTask handled = default;
        try
        {
            _heartbeat.OnPacket();
            StarvationMonitor.Shared.OnPacket();
            _server.Metrics.OnPacket(this);
            switch (packet.Type)
            {
                case EnginePacketType.Message:
                    _isBusy = true;
                    handled = _server.Backpressure.IsHolding ? HoldAndHandleAsync(packet) : _client.OnMessageAsync(packet);
                    break;
                case EnginePacketType.Ping when !_heartbeat.OnPing():
                case EnginePacketType.Pong when !_heartbeat.OnPong():
                    Close(CloseReason.ParseError);
                    break;
                case EnginePacketType.Close:
                    Close(CloseReason.ClosedByClient);
                    break;
            }
        }
        catch (Exception e)
        {
            // The last line of defence. User code is fenced where it is called, so this is a fault of the server.
            Fail(e);
        }

        if (!handled.IsCompletedSuccessfully) return WaitAsync(handled);
        _isBusy = false;
        return new(IsOpen);
    }

    /// <summary>
    /// The last line of defence: something threw that nothing expects to throw. Logged once a session; this session ends, and no other. Never throws.
    /// </summary>
    public void Fail(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) _server.OnFailed(this, error);
        Close(CloseReason.InternalError);
    }

    /// <summary>Ends the session, once; further calls do nothing. Never throws.</summary>
    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is not null) return;
        // Whatever one step throws (the program's TimeProvider takes part, say), the others still happen.
        Try(static session => session._heartbeat.Dispose());
        StarvationMonitor.Shared.OnSessionClosed();
        Try(static session => session._server.OnClosing(session, session.CloseReason!));
        Outbox.Complete(discard: reason.DropsQueue);
        Try(static session => Volatile.Read(ref session._closed)?.Cancel());
        // Null: it ends before it has begun.
        Try(static session => session._client?.OnClosed(session.CloseReason!));
    }

    /// <summary>A second transport knocks. False: there is one already.</summary>
    public bool TryBeginProbe() => Transport.Upgrades.Count > 0 && Move(UpgradeState.None, UpgradeState.Probing);

    /// <summary>The probe was answered: the pending poll must end, for the client waits for it.</summary>
    public void AnswerProbe()
    {
        Move(UpgradeState.Probing, UpgradeState.Answered);
        Outbox.WakeReader();
    }

    /// <summary>The client moved to the new transport.</summary>
    public bool TryUpgrade(ITransport transport)
    {
        // A session that closes with something left to say says it on the new transport: the client polls no more.
        if (CloseReason is { IsGraceful: false }) return false;
        // From Probing: a client that did without the probe.
        if (!Move(UpgradeState.Answered, UpgradeState.Upgraded) && !Move(UpgradeState.Probing, UpgradeState.Upgraded)) return false;
        Transport = transport;
        Outbox.WakeReader();
        return true;
    }

    /// <summary>The probe failed; polling goes on as before.</summary>
    public void EndProbe()
    {
        if (!Move(UpgradeState.Probing, UpgradeState.None)) Move(UpgradeState.Answered, UpgradeState.None);
    }

    internal void ForgetAfter(TimeProvider time, TimeSpan delay) =>
        _forgetting = time.CreateTimer(static state => ((EngineSession)state!).Forget(), this, delay, Timeout.InfiniteTimeSpan);

    internal void Forget()
    {
        _server.Forget(this);
        Try(static session => session._forgetting?.Dispose());
    }

    /// <summary>Before anyone can close the session.</summary>
    internal void Attach(IEngineClient client) => _client = client;

    internal void Start()
    {
        _heartbeat.Start();
        // A stop may have closed it already, and the heartbeat with it.
        if (IsOpen) _client.OnOpened();
        else _heartbeat.Dispose();
    }

    private void Try(Action<EngineSession> step)
    {
        try
        {
            step(this);
        }
        catch (Exception e)
        {
            // While the session closes nothing may keep the rest from closing.
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0) _server.OnFailed(this, e);
        }
    }

    private bool Move(UpgradeState from, UpgradeState to) => Interlocked.CompareExchange(ref _upgrade, (int)to, (int)from) == (int)from;

    private async ValueTask HoldAndHandleAsync(EnginePacket packet)
    {
        var released = await _server.Backpressure.HoldAsync(packet.Data.Length, Outbox.ConnectionScheduler ?? _server.SendLoopScheduler);
        ValueTask handled = default;
        try
        {
            if (IsOpen) handled = _client.OnMessageAsync(packet);
        }
        finally
        {
            released?.OnHandled();
        }

        await handled;
    }

    private async ValueTask<bool> WaitAsync(ValueTask handled)
    {
        try
        {
            await handled;
        }
        catch (Exception e)
        {
            // The last line of defence, as above.
            Fail(e);
        }

        _isBusy = false;
        return IsOpen;
    }
}
