using System.IO.Pipelines;
using System.Net;
using System.Security.Claims;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>
/// One Engine.IO connection of a client, across all its requests. <see cref="EngineEvents"/> tell when it opens and closes.
/// </summary>
public sealed class EngineSession
{
    private readonly EngineServer _server;
    private readonly Heartbeat _heartbeat;
    private CloseReason? _closeReason;
    private CancellationTokenSource? _closed;
    private ITimer? _forgetting;
    private UpgradeProgress _upgrade;
    private int _hasFailed;

    internal EngineSession(EngineServer server, string id, EngineProtocol protocol, ClientEncoding encoding, ITransport transport, HandshakeRequest request)
    {
        _server = server;
        Id = id;
        Protocol = protocol;
        Encoding = encoding;
        Transport = transport;
        Request = request;
        Outbox = new(server.Options.MaxQueuedBytes);
        _heartbeat = Heartbeat.Create(this, server.Options, server.Time);
        Inbox = new(this, server, _heartbeat);
        StarvationMonitor.Shared.OnSessionOpened();
    }

    /// <summary>
    /// The id that the client's requests carry. It is a secret: whoever knows it can send and receive as the client. Do not log it, and do not show it to other
    /// clients.
    /// </summary>
    public string Id { get; }

    /// <summary>The transport that the client uses now: <c>polling</c> or <c>websocket</c>.</summary>
    public string TransportName => Transport.Name;

    /// <summary>The revision of the protocol: <c>engine.io/3</c> (clients 1.x and 2.x) or <c>engine.io/4</c>.</summary>
    public string ProtocolName => Protocol.Name;

    /// <summary>The remote address of the first request. Behind a proxy it is the client's if ASP.NET's forwarded headers are used, otherwise the proxy's.</summary>
    public IPAddress? RemoteAddress => Request.Address;

    /// <summary>The user of the first request; an identity that is not authenticated if there was none.</summary>
    public ClaimsPrincipal User => Request.User;

    /// <summary>When the first request arrived.</summary>
    public DateTimeOffset OpenedAt => Request.Time;

    internal EngineProtocol Protocol { get; }

    internal ClientEncoding Encoding { get; }

    internal HandshakeRequest Request { get; }

    internal Inbox Inbox { get; }

    internal Outbox Outbox { get; }

    /// <summary>The layer above. Null until <see cref="Attach"/>.</summary>
    internal IEngineClient Client { get; private set; } = null!;

    internal ITransport Transport { get; private set; }

    internal TimeProvider Time => _server.Time;

    internal CloseReason? CloseReason => Volatile.Read(ref _closeReason);

    internal bool IsOpen => CloseReason is null;

    /// <summary>Cancelled when the session closes. Only the engine's own transports register callbacks, never application code.</summary>
    internal CancellationToken Closed
    {
        get
        {
            // Created when a transport asks for it, because a session between two polls needs none.
            if (_closed is null) Interlocked.CompareExchange(ref _closed, new CancellationTokenSource(), null);
            if (!IsOpen) Try(static session => session._closed!.Cancel());
            return _closed.Token;
        }
    }

    /// <summary>Called when requests no longer find the session, for example because the client has polled the close packet. An upgrade sets it.</summary>
    internal Action? Forgotten { get; set; }

    internal UpgradeState Upgrade => _upgrade.State;

    /// <summary>Whether a request can find the session: it is open, or its client has not yet polled the packet that announces the end.</summary>
    internal bool IsFindable => IsOpen || CloseReason!.IsToldAtNextPoll;

    /// <inheritdoc cref="Heartbeat.IsOverdue"/>
    internal bool IsOverdue => IsOpen && _heartbeat.IsOverdue;

    /// <inheritdoc cref="Heartbeat.HasCaughtUp"/>
    internal bool HasCaughtUp => _heartbeat.HasCaughtUp;

    /// <inheritdoc cref="Heartbeat.CloseIfSilentAsync"/>
    internal Task CloseIfSilentAsync() => _heartbeat.CloseIfSilentAsync();

    /// <inheritdoc cref="PendingReads.WaitAsync"/>
    internal ValueTask<bool> WaitForPendingReadsAsync() =>
        _server.PendingReads is { } reads ? reads.WaitAsync(Outbox.ConnectionScheduler ?? PipeScheduler.ThreadPool) : new(false);

    /// <summary>Logs that this client, or something that it sent, was refused, with the reason and what would allow it.</summary>
    internal void OnRefused(string reason, Explanation explanation) => _server.RefusalLog.Add(reason, Request.Origin, Request.Host, explanation);

    /// <summary>Sets the client in the layer above. Called before anything can close the session.</summary>
    internal void Attach(IEngineClient client) => Client = client;

    internal void Start()
    {
        _heartbeat.Start();
        // A stop might already have closed the session, and the heartbeat with it.
        if (IsOpen) Client.OnOpened();
        else _heartbeat.Dispose();
    }

    /// <summary>
    /// Queues a message. Never waits. If isForMany is true, other sessions get the message too, so the send loop runs on its scheduler and not inline. Returns
    /// false if the session is closed, or is closed now because its client is too slow.
    /// </summary>
    internal bool Send(OutgoingMessage message, bool isForMany = false)
    {
        var result = Outbox.Add(message, insteadOfInline: isForMany ? _server.SendLoopScheduler : null);
        if (result == AddResult.Full) Close(CloseReason.SlowClient);
        return result == AddResult.Added;
    }

    /// <summary>
    /// Queues a message for a caller that holds a lock: neither sends nor closes anything. The caller calls <see cref="Flush"/> outside the lock with the result.
    /// </summary>
    internal AddResult Queue(OutgoingMessage message, bool isVolatile, out bool wakesReader) => Outbox.AddOnly(message, isVolatile, out wakesReader);

    /// <summary>Sends what <see cref="Queue"/> has queued, or closes the session of a client that is too slow.</summary>
    internal void Flush(AddResult result, bool wakesReader, bool isForMany)
    {
        if (wakesReader) Outbox.ResumeReader(isForMany ? _server.SendLoopScheduler : null);
        if (result == AddResult.Full) Close(CloseReason.SlowClient);
    }

    /// <summary>Sends a message if the transport has nothing else to do; otherwise drops it.</summary>
    internal bool SendVolatile(OutgoingMessage message) => Outbox.Add(message, isVolatile: true) == AddResult.Added;

    /// <summary>The last catch for unexpected exceptions. Closes this session only. Logged once for a session. Never throws.</summary>
    internal void Fail(Exception error)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0) _server.OnFailed(this, error);
        Close(CloseReason.InternalError);
    }

    /// <summary>Closes the session. Further calls do nothing. Never throws.</summary>
    internal void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is not null) return;
        // If one step throws (for example in the application's TimeProvider), the other steps still run.
        Try(static session => session._heartbeat.Dispose());
        StarvationMonitor.Shared.OnSessionClosed();
        Try(static session => session._server.OnClosing(session, session.CloseReason!));
        Outbox.Complete(discard: reason.DropsQueue);
        Try(static session => Volatile.Read(ref session._closed)?.Cancel());
        // The client is null if the session ends before it has started.
        Try(static session => session.Client?.OnClosed(session.CloseReason!));
    }

    /// <summary>Begins an upgrade. Returns false if one is already running, or if the session cannot move.</summary>
    internal bool TryBeginProbe() => Transport.Upgrades.Count > 0 && _upgrade.TryBegin();

    /// <summary>Called when the probe was answered. The pending poll must end, because the client waits for it.</summary>
    internal void AnswerProbe()
    {
        _upgrade.Answer();
        Outbox.WakeReader();
    }

    /// <summary>Moves the session to the new transport.</summary>
    internal bool TryUpgrade(ITransport transport)
    {
        // A session that is closing sends its remaining messages on the new transport, because the client no longer polls.
        if (CloseReason is { IsGraceful: false } || !_upgrade.TryComplete()) return false;
        Transport = transport;
        Outbox.WakeReader();
        _server.OnUpgraded(this);
        return true;
    }

    /// <summary>Called when the probe has failed. Polling continues.</summary>
    internal void EndProbe() => _upgrade.Abandon();

    internal void ForgetAfter(TimeProvider time, TimeSpan delay) =>
        _forgetting = time.CreateTimer(static state => ((EngineSession)state!).Forget(), this, delay, Timeout.InfiniteTimeSpan);

    internal void Forget()
    {
        _server.Forget(this);
        Try(static session => session._forgetting?.Dispose());
        Forgotten?.Invoke();
    }

    private void Try(Action<EngineSession> step)
    {
        try
        {
            step(this);
        }
        catch (Exception e)
        {
            // An exception in one step must not prevent the other steps.
            if (Interlocked.Exchange(ref _hasFailed, 1) == 0) _server.OnFailed(this, e);
        }
    }
}
