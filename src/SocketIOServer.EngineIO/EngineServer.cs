using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO.Events;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.EngineIO;

/// <summary>One Engine.IO endpoint: takes each request to its session and its transport, or refuses it.</summary>
internal sealed partial class EngineServer
{
    private readonly ITransport[] _transports;
    private readonly SessionOpener _opener;
    private readonly RequestValidator _validator;
    private readonly SessionIds _ids;
    private readonly EventNotifier _events;
    private readonly EndedSessions _ended = new();

    /// <param name="options">Checked here.</param>
    /// <param name="application">The layer above.</param>
    /// <param name="time">For the heartbeat and all timeouts.</param>
    /// <param name="logger">For refused requests and ends of sessions.</param>
    /// <param name="metrics">Counts for meters.</param>
    /// <param name="backpressure">Shared by all engines that send to the same clients.</param>
    /// <param name="substitute">Serves in place of the transport of its name.</param>
    /// <param name="ids">Shared by all engines of one server. Null: this is the only one.</param>
    public EngineServer(
        EngineOptions options, IEngineApplication application, TimeProvider time, ILogger logger, EngineMetrics metrics, BroadcastBackpressure backpressure, ITransport? substitute = null,
        SessionIds? ids = null)
    {
        options.Validate();
        Options = options;
        Logger = FencedLogger.Around(logger);
        Time = FencedTime.Around(time, Logger);
        Metrics = metrics;
        Backpressure = backpressure;
        RefusalLog = new(Logger, Time);
        // A transport in memory needs no time: what was sent has arrived.
        SendLoopScheduler = substitute is null ? EngineIO.SendLoopScheduler.Shared : PipeScheduler.Inline;
        PendingReads = substitute is null ? new(time, TimeProvider.System) : null;
        _ids = ids ?? new(options.GenerateId, Logger);
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

    /// <summary>Every layer logs here what it refuses.</summary>
    public RefusalLog RefusalLog { get; }

    public SessionTable Sessions { get; } = new();

    /// <summary>Where the send loops continue that a broadcast wakes.</summary>
    public PipeScheduler SendLoopScheduler { get; }

    /// <summary>Null: what was sent has already been read.</summary>
    public PendingReads? PendingReads { get; }

    /// <summary>No new session is taken until one ends.</summary>
    public bool IsFull => Options.MaxSessions is { } most && Sessions.Count >= most;

    /// <summary>Serves one request to its end: for a WebSocket, to the end of the connection.</summary>
    public Task ServeAsync(HttpContext context)
    {
        try
        {
            var query = EngineQuery.Parse(context.Request.QueryString);
            var transport = FindTransport(query.Transport);
            EngineSession? session = null;
            var rejection = transport is null
                ? Rejection.UnknownTransport.Because(RefusalDetails.Transport(query, Options))
                : query.Sid is null
                    ? _validator.CheckHandshake(context, transport)
                    : _validator.CheckSession(context, query, transport, out session);
            rejection ??= _validator.CheckJsonp(query);
            if (rejection is not null) return RefuseAsync(context, rejection);
            if (!Options.CheckOrigin) return ServeAsync(context, query, transport!, session, OriginVerdict.Trusted);
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
        // The client has gone, and nobody waits for an answer.
        if (error is OperationCanceledException && context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        LogRequestFailed(Logger, error);
        return FailAsync(context);
    }

    /// <summary>Answers with 500 if an answer is still possible; otherwise ends the connection.</summary>
    public Task FailAsync(HttpContext context)
    {
        Metrics.OnRefused(Rejection.Failed.Reason);
        _events.OnConnectionError(context, Rejection.Failed);
        if (!context.Response.HasStarted) return Rejection.Failed.WriteAsync(context);
        context.TryAbort();
        return Task.CompletedTask;
    }

    /// <summary>Logs and counts the refusal, and answers the request with it.</summary>
    public Task RefuseAsync(HttpContext context, Rejection rejection)
    {
        RefusalLog.Add(rejection.Reason, context.Request.Headers.Origin.ToString(), OriginCheck.Host(context), rejection.Explanation);
        Metrics.OnRefused(rejection.Reason);
        _events.OnConnectionError(context, rejection);
        return rejection.WriteAsync(context);
    }

    /// <summary>Closes every session and takes no new ones. Queued messages still go out, within CloseTimeout. Idempotent, never throws.</summary>
    public void Stop()
    {
        Sessions.Stop();
        foreach (var session in Sessions.All) session.Close(CloseReason.ShuttingDown);
    }

    /// <summary>A request can no longer find the session.</summary>
    public void Forget(EngineSession session)
    {
        if (!Sessions.Remove(session)) return;
        _ids.Release(session.Id);
        if (session is { Transport: PollingTransport, CloseReason: { } reason }) _ended.Add(session.Id, reason);
    }

    /// <summary>The session has moved to another transport.</summary>
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

        // The client's next poll is on its way, or was overtaken by its own close packet: 4 of 8 runs on Kestrel.
        try
        {
            session.ForgetAfter(Time, Options.CloseTimeout);
        }
        catch (Exception)
        {
            // Without a timer (the application's TimeProvider makes it) it would stay in the table forever. The caller logs the exception.
            Forget(session);
            throw;
        }
    }

    /// <summary>The session is closed because something threw that should not have thrown.</summary>
    public void OnFailed(EngineSession session, Exception error) => LogSessionFailed(Logger, error, session.Transport.Name);

    // Its own method, or every WebSocket would keep one more state for as long as it lives.
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
        // The room is checked again: a policy provider of the application may have taken its time, and others have come meanwhile.
        if (rejection is null && session is null) rejection = _validator.CheckRoom() ?? _validator.CheckProtocol(query);
        if (rejection is null && verdict.IsWithoutCredentials) rejection = RequestValidator.CheckCredentials(context, session);
        if (rejection is not null) return RefuseAsync(context, rejection);

        var isFirst = session is null;
        if (isFirst && verdict.Unreadable is { } unreadable && transport is PollingTransport && query.Jsonp is null)
            RefusalLog.AddUnreadable(context.Request.Headers.Origin.ToString(), OriginCheck.Host(context), unreadable);
        session ??= _opener.Open(context, query, transport, keepsCookies: !verdict.IsWithoutCredentials || !AmbientCredentials.HaveCookies(context));
        // The server has begun to stop after the request was checked.
        if (session is null && Sessions.IsStopping) return RefuseAsync(context, Rejection.Unavailable.Because(RefusalDetails.Stopping));
        if (session is null) return FailAsync(context);
        // A POST may bring the very pong that the client is overdue with.
        if (session.IsOverdue && !HttpMethods.IsPost(context.Request.Method)) return ServeOverdueAsync(context, query, transport, session);
        return ServeAsync(context, query, transport, session, isFirst);
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

    // Whether the client is dead must not depend on how late a timer is.
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
