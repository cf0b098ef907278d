using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO.Events;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.EngineIO;

/// <summary>One Engine.IO endpoint. It passes each request to its session and its transport, or refuses it.</summary>
internal sealed partial class EngineServer
{
    private readonly ITransport[] _transports;
    private readonly SessionOpener _opener;
    private readonly RequestValidator _validator;
    private readonly SessionIds _ids;
    private readonly EventNotifier _events;
    private readonly EndedSessions _ended = new();
    private readonly IEngineForwarder? _forwarder;

    /// <param name="options">The settings. The constructor validates them.</param>
    /// <param name="application">The layer above Engine.IO.</param>
    /// <param name="time">The clock of the heartbeat and of all timeouts.</param>
    /// <param name="logger">Gets a line for each refused request and each session that ends.</param>
    /// <param name="metrics">The counters of the meter.</param>
    /// <param name="backpressure">Shared by all engine servers that send to the same clients.</param>
    /// <param name="substitute">A transport that replaces the one of the same name.</param>
    /// <param name="ids">Shared by all engine servers of one Socket.IO server. Null if this is the only one.</param>
    /// <param name="forwarder">Forwards requests for the sessions of other servers. Null if there are none.</param>
    public EngineServer(
        EngineOptions options, IEngineApplication application, TimeProvider time, ILogger logger, EngineMetrics metrics, BroadcastBackpressure backpressure, ITransport? substitute = null,
        SessionIds? ids = null, IEngineForwarder? forwarder = null)
    {
        options.Validate();
        Options = options;
        Logger = FencedLogger.Around(logger);
        Time = FencedTime.Around(time, Logger);
        Metrics = metrics;
        Backpressure = backpressure;
        RefusalLog = new(Logger, Time);
        // A transport in memory has no delay: a packet that was sent has arrived.
        SendLoopScheduler = substitute is null ? EngineIO.SendLoopScheduler.Shared : PipeScheduler.Inline;
        PendingReads = substitute is null ? new(time, TimeProvider.System) : null;
        _ids = ids ?? new(options.GenerateId, Logger);
        _forwarder = forwarder;
        _events = new(options.Events, Sessions, Logger);
        _validator = new(options, Sessions, _ended);
        _transports = [.. options.Transports.Distinct().Select(kind => kind switch
        {
            TransportKind.Polling => new PollingTransport(this),
            TransportKind.WebSocket => (ITransport)new WebSocketTransport(this),
            _ => throw new ArgumentException($"Unknown transport {kind}."),
        })];
        if (substitute is not null) _transports = [substitute, .. _transports.Where(transport => transport.Name != substitute.Name)];
        _opener = new(this, application, _validator, new(options, _transports), _ids, _events);
    }

    public EngineOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public EngineMetrics Metrics { get; }

    public BroadcastBackpressure Backpressure { get; }

    /// <summary>The log of refusals of all layers.</summary>
    public RefusalLog RefusalLog { get; }

    public SessionTable Sessions { get; } = new();

    /// <summary>The scheduler on which send loops continue when a broadcast wakes them.</summary>
    public PipeScheduler SendLoopScheduler { get; }

    /// <summary>Null for a transport in memory, where a packet that was sent has already been read.</summary>
    public PendingReads? PendingReads { get; }

    /// <summary>Whether MaxSessions is reached, so that no new session is accepted until one ends.</summary>
    public bool IsFull => Options.MaxSessions is { } most && Sessions.Count >= most;

    /// <summary>Serves one request to its end: for a WebSocket, to the end of the connection.</summary>
    public Task ServeAsync(HttpContext context)
    {
        try
        {
            var query = EngineQuery.Parse(context.Request.QueryString);
            var transport = FindTransport(query.Transport);
            var forwarded = _forwarder?.Read(context);
            if (forwarded is { IsForged: true }) return RefuseAsync(context, Rejection.BadRequest.Because(RefusalDetails.ForgedForward));
            // A forwarded request is never forwarded again, so no loop is possible.
            var isElsewhere = forwarded is null && transport is not null && _forwarder is not null && IsElsewhere(query);
            EngineSession? session = null;
            var rejection = transport is null
                ? Rejection.UnknownTransport.Because(RefusalDetails.Transport(query, Options))
                : isElsewhere
                    ? null
                    : query.Sid is null
                        ? _validator.CheckHandshake(context, transport)
                        : _validator.CheckSession(context, query, transport, forwarded, out session);
            rejection ??= _validator.CheckJsonp(query);
            if (rejection is not null) return RefuseAsync(context, rejection);
            if (isElsewhere) return ForwardAsync(context, query);
            // Before the check of the origin, which can be off: served as a poll, the request would take the packets of the session.
            if (forwarded is { Condition: ForwardCondition.Abandoned } && session is not null)
            {
                session.Close(CloseReason.TransportError);
                return PollingResponse.WriteOkAsync(context);
            }

            if (!Options.CheckOrigin || forwarded is { Condition: ForwardCondition.None }) return ServeAsync(context, query, transport!, session, OriginVerdict.Trusted);
            if (forwarded is { Condition: ForwardCondition.Anonymous })
            {
                if (session is not { Request.IsAnonymous: true }) return RefuseAsync(context, Rejection.Forbidden.Because(OriginDetails.NoCredentials(context)));
                return ServeAsync(context, query, transport!, session, OriginVerdict.Trusted);
            }

            var judged = OriginCheck.JudgeAsync(context, query.Jsonp is not null, session?.Request);
            return judged.IsCompletedSuccessfully ? ServeAsync(context, query, transport!, session, judged.Result) : ServeJudgedAsync(context, query, transport!, session, judged);
        }
        catch (Exception e)
        {
            return FailAsync(context, e);
        }
    }

    /// <summary>
    /// Answers with 500 because code of the application threw before there was a session: a CORS function, a session store, an identity, GenerateId. Logged once.
    /// </summary>
    public Task FailAsync(HttpContext context, Exception error)
    {
        // The client has gone, so no response is needed.
        if (error is OperationCanceledException && context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        LogRequestFailed(Logger, error);
        return FailAsync(context);
    }

    /// <summary>Answers with 500 if the response has not started. Otherwise it ends the connection.</summary>
    public Task FailAsync(HttpContext context)
    {
        Metrics.OnRefused(Rejection.Failed.Reason);
        _events.OnConnectionError(context, Rejection.Failed);
        if (!context.Response.HasStarted) return Rejection.Failed.WriteAsync(context);
        context.TryAbort();
        return Task.CompletedTask;
    }

    /// <summary>Logs and counts the refusal, and sends the response.</summary>
    public Task RefuseAsync(HttpContext context, Rejection rejection)
    {
        RefusalLog.Add(rejection.Reason, context.Request.Headers.Origin.ToString(), OriginCheck.Host(context), rejection.Explanation);
        Metrics.OnRefused(rejection.Reason);
        _events.OnConnectionError(context, rejection);
        return rejection.WriteAsync(context);
    }

    /// <summary>Accepts no new sessions. Those that are open stay open until <see cref="Stop"/>.</summary>
    public void Refuse() => Sessions.Stop();

    /// <summary>Closes every session and accepts no new ones. Queued messages are still sent within CloseTimeout. Idempotent. Never throws.</summary>
    public void Stop()
    {
        Sessions.Stop();
        foreach (var session in Sessions.All) session.Close(CloseReason.ShuttingDown);
    }

    /// <summary>Removes the session, so that requests no longer find it.</summary>
    public void Forget(EngineSession session)
    {
        if (!Sessions.Remove(session)) return;
        _ids.Release(session.Id);
        if (session is { Transport: PollingTransport, CloseReason: { } reason }) _ended.Add(session.Id, reason);
    }

    /// <summary>Called when the session has moved to another transport.</summary>
    public void OnUpgraded(EngineSession session) => _events.OnUpgraded(session);

    /// <summary>Called once for each session, when it closes.</summary>
    public void OnClosing(EngineSession session, CloseReason reason)
    {
        LogClosed(Logger, session.Transport.Name, reason);
        if (reason.Refusal is { } refusal) session.OnRefused(refusal, RefusalDetails.Closed(reason, Options));
        Metrics.OnClosed(session, reason);
        _events.OnClosed(session, reason);
        if (!reason.IsToldAtNextPoll || session.Transport is not PollingTransport)
        {
            Forget(session);
            return;
        }

        // The client's next poll might be on its way. A close packet of the client can also overtake its poll (seen in 4 of 8 runs on Kestrel).
        try
        {
            session.ForgetAfter(Time, Options.CloseTimeout);
        }
        catch (Exception)
        {
            // Without a timer (the application's TimeProvider creates it) the session would stay in the table forever. The caller logs the exception.
            Forget(session);
            throw;
        }
    }

    /// <summary>Called when a session is closed because of an unexpected exception.</summary>
    public void OnFailed(EngineSession session, Exception error) => LogSessionFailed(Logger, error, session.Transport.Name);

    // A separate method, because otherwise every WebSocket would keep its larger state machine until it ends.
    private async Task ServeJudgedAsync(HttpContext context, EngineQuery query, ITransport transport, EngineSession? session, ValueTask<OriginVerdict> judged)
    {
        Task serving;
        try
        {
            serving = ServeAsync(context, query, transport, session, await judged);
        }
        catch (Exception e)
        {
            serving = FailAsync(context, e);
        }

        await serving;
    }

    private Task ServeAsync(HttpContext context, EngineQuery query, ITransport transport, EngineSession? session, OriginVerdict verdict)
    {
        var rejection = verdict.Rejection;
        // The number of sessions is checked again, because other clients might have connected while a policy provider of the application was running.
        if (rejection is null && session is null) rejection = _validator.CheckRoom() ?? _validator.CheckProtocol(query);
        if (rejection is null && verdict.IsWithoutCredentials) rejection = RequestValidator.CheckCredentials(context, session);
        if (rejection is not null) return RefuseAsync(context, rejection);

        var isFirst = session is null;
        if (isFirst && verdict.Unreadable is { } unreadable && transport is PollingTransport && query.Jsonp is null)
            RefusalLog.AddUnreadable(context.Request.Headers.Origin.ToString(), OriginCheck.Host(context), unreadable);
        session ??= _opener.Open(context, query, transport, keepsCookies: !verdict.IsWithoutCredentials || !AmbientCredentials.HaveCookies(context));
        // The server began to stop after the request was checked.
        if (session is null && Sessions.IsStopping) return RefuseAsync(context, Rejection.Unavailable.Because(RefusalDetails.Stopping));
        if (session is null) return FailAsync(context);
        // A POST can contain the pong that is overdue, and can have waited for a process that was late.
        if (session.IsOverdue && (session.HasCaughtUp || !HttpMethods.IsPost(context.Request.Method))) return ServeOverdueAsync(context, query, transport, session);
        return ServeAsync(context, query, transport, session, isFirst);
    }

    private bool IsElsewhere(in EngineQuery query) => query.Sid is { } sid && _forwarder!.HasOwner(sid) && !Sessions.TryFind(sid, out _);

    // The session is on another server. Everything that depends on the session is checked there, and the rest here.
    private async Task ForwardAsync(HttpContext context, EngineQuery query)
    {
        try
        {
            var isWebSocket = WebSocketHandshake.IsRequest(context);
            var condition = ForwardCondition.None;
            if (Options.CheckOrigin)
            {
                var verdict = await OriginCheck.JudgeAsync(context, query.Jsonp is not null, first: null);
                // Chromium does not say with a WebSocket whether its page is the server's own, so the first request of the session decides.
                if (verdict.Rejection is { Status: StatusCodes.Status403Forbidden } && isWebSocket) condition = ForwardCondition.Unjudged;
                else if (verdict.Rejection is { } refused)
                {
                    await RefuseAsync(context, refused);
                    return;
                }
                else if (verdict.IsWithoutCredentials && AmbientCredentials.NameTheUserOf(context)) condition = ForwardCondition.Anonymous;
            }

            var request = new ForwardedRequest(HandshakeRequest.PersonOf(context, Options), condition);
            if (await _forwarder!.ForwardAsync(context, query.Sid!, request, isWebSocket) is { } rejection) await RefuseAsync(context, rejection);
        }
        catch (Exception e)
        {
            // The application's UserId, or its CORS policy provider.
            await FailAsync(context, e);
        }
    }

    private Task ServeAsync(HttpContext context, EngineQuery query, ITransport transport, EngineSession session, bool isFirst)
    {
        var told = _events.OnHeadersAsync(context, session, isFirst);
        return told.IsCompleted ? transport.ServeAsync(context, session, query, isFirst) : WaitAsync();

        async Task WaitAsync()
        {
            await told;
            await transport.ServeAsync(context, session, query, isFirst);
        }
    }

    // Whether a client counts as gone must not depend on the delay of a timer.
    private async Task ServeOverdueAsync(HttpContext context, EngineQuery query, ITransport transport, EngineSession session)
    {
        await session.CloseIfSilentAsync();
        if (session.IsFindable) await ServeAsync(context, query, transport, session, isFirst: false);
        else await RefuseAsync(context, _validator.NoSession(session.Id, session));
    }

    private ITransport? FindTransport(string name)
    {
        foreach (var transport in _transports)
        {
            if (transport.Name == name) return transport;
        }

        return null;
    }
}
