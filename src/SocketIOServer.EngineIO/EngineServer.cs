using System.Buffers.Text;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.EngineIO.Transports.WebSockets;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>The table of sessions, and the way from a request to its transport.</summary>
internal sealed partial class EngineServer
{
    // 120 bits: a session id is a secret that lets its holder speak for the client.
    private const int IdBytes = 15;

    private readonly ConcurrentDictionary<string, EngineSession> _sessions = new(StringComparer.Ordinal);
    private readonly IEngineApplication _application;
    private readonly ITransport[] _transports;
    private readonly OpenPacket _openPacket;
    private readonly EngineProtocol? _assumed;
    private volatile bool _isStopping;
    private TaskCompletionSource? _told;
    private int _untold;

    /// <param name="options">Checked here.</param>
    /// <param name="application">What stands above.</param>
    /// <param name="time">For the heartbeat and all timeouts.</param>
    /// <param name="logger">Told of refused requests and of ends.</param>
    /// <param name="metrics">Told of what meters see.</param>
    /// <param name="backpressure">Shared by all engines that send to the same clients.</param>
    /// <param name="substitute">Serves in place of the transport of its name.</param>
    public EngineServer(
        EngineOptions options, IEngineApplication application, TimeProvider time, ILogger logger, EngineMetrics metrics, BroadcastBackpressure backpressure, ITransport? substitute = null)
    {
        options.Validate();
        Options = options;
        Logger = FencedLogger.Around(logger);
        Time = FencedTime.Around(time, Logger);
        Metrics = metrics;
        Backpressure = backpressure;
        Refusals = new(Logger, Time);
        // A transport in memory needs no time: what was sent has arrived.
        SendLoopScheduler = substitute is null ? EngineIO.SendLoopScheduler.Shared : PipeScheduler.Inline;
        PendingReads = substitute is null ? new(time, TimeProvider.System) : null;
        _application = application;
        _transports = [.. options.Transports.Distinct().Select(kind => kind switch
        {
            TransportKind.Polling => new PollingTransport(this),
            TransportKind.WebSocket => (ITransport)new WebSocketTransport(this),
            _ => throw new ArgumentException($"Unknown transport {kind}."),
        })];
        if (substitute is not null) _transports = [substitute, .. _transports.Where(transport => transport.Name != substitute.Name)];
        _openPacket = new(options, _transports);
        _assumed = options is { AllowEngineIO3: true, AllowMissingRevision: true } ? EngineProtocol.Oldest : null;
    }

    public EngineOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public EngineMetrics Metrics { get; }

    public BroadcastBackpressure Backpressure { get; }

    /// <summary>Where everybody tells of what is refused.</summary>
    public Refusals Refusals { get; }

    /// <summary>Where the send loops continue that a broadcast wakes.</summary>
    public PipeScheduler SendLoopScheduler { get; }

    /// <summary>Null: what was sent has already been read.</summary>
    public PendingReads? PendingReads { get; }

    /// <summary>Sessions that requests can find. A polling session that was closed is one until its client has polled the close packet.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>As they are while one walks over them: no lock is held.</summary>
    public IEnumerable<EngineSession> Sessions => _sessions.Select(static entry => entry.Value);

    /// <summary>Takes no new sessions any more.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Takes no new session until one ends.</summary>
    public bool IsFull => _sessions.Count >= Options.MaxSessions;

    public static string NewId()
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Serves one request, to its end: for a WebSocket, to the end of the connection.</summary>
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
                    ? CheckHandshake(context, query, transport)
                    : CheckSession(context, query, transport, out session);
            var isJsonp = query.Jsonp is not null;
            if (isJsonp) rejection ??= CheckJsonp(query);
            if (rejection is not null) return RefuseAsync(context, rejection);
            if (!Options.CheckOrigin) return ServeAsync(context, query, transport!, session, OriginVerdict.Trusted);
            var judged = OriginCheck.JudgeAsync(context, isJsonp, session?.Request);
            return judged.IsCompletedSuccessfully ? ServeAsync(context, query, transport!, session, judged.Result) : ServeJudgedAsync(context, query, transport!, session, judged);
        }
        catch (Exception e)
        {
            return FailAsync(context, e);
        }
    }

    /// <summary>
    /// Answers a request for which something of the program's threw before there was a session: a CORS function, a session store, an identity.
    /// Logged once; 500.
    /// </summary>
    public Task FailAsync(HttpContext context, Exception error)
    {
        // Its client has gone, and nobody waits for an answer.
        if (error is OperationCanceledException && context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        LogRequestFailed(Logger, error);
        return RefuseAsync(context);
    }

    /// <summary>500 where an answer is still possible, else the connection ends.</summary>
    public Task RefuseAsync(HttpContext context)
    {
        Metrics.OnRefused(Rejection.Failed.Reason);
        if (!context.Response.HasStarted) return Rejection.Failed.WriteAsync(context);
        context.TryAbort();
        return Task.CompletedTask;
    }

    public void Forget(EngineSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        CheckTold();
    }

    /// <summary>Closes every session and takes no new ones. Queued messages still go out, within CloseTimeout. Idempotent, never throws.</summary>
    public void Stop()
    {
        _isStopping = true;
        // Either this sees the session that is just being opened, or that one sees the stop.
        Interlocked.MemoryBarrier();
        foreach (var session in _sessions.Values) session.Close(CloseReason.ShuttingDown);
    }

    /// <summary>
    /// After <see cref="Stop"/>: completes when every client has been sent its queue and the close, or CloseTimeout has ended its session. Cancelling ends
    /// the wait without an exception.
    /// </summary>
    public async Task WhenToldAsync(CancellationToken cancel)
    {
        var told = Volatile.Read(ref _told) ?? Interlocked.CompareExchange(ref _told, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _told;
        CheckTold();
        await told.Task.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A client has something to be told that the table of sessions does not show.</summary>
    internal void BeginTelling() => Interlocked.Increment(ref _untold);

    /// <inheritdoc cref="BeginTelling"/>
    internal void EndTelling()
    {
        if (Interlocked.Decrement(ref _untold) == 0) CheckTold();
    }

    internal void OnClosing(EngineSession session, CloseReason reason)
    {
        LogClosed(Logger, session.Transport.Name, reason);
        if (reason.Refusal is { } refusal) session.OnRefused(refusal, RefusalDetails.Closed(reason, Options));
        Metrics.OnClosed(session, reason);
        if (reason.HasFarewell && session.Transport is PollingTransport)
        {
            // The client's next poll is on its way, or was overtaken by its own close packet: 4 of 8 runs on Kestrel.
            try
            {
                session.ForgetAfter(Time, Options.CloseTimeout);
            }
            catch (Exception)
            {
                // Without a timer (the program's TimeProvider makes it) it would be in the table for ever. Who called logs it.
                Forget(session);
                throw;
            }
        }
        else Forget(session);
    }

    internal void OnFailed(EngineSession session, Exception error) => LogSessionFailed(Logger, error, session.Transport.Name);

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
        // Again: a policy provider of the program's may have taken its time, and others have come meanwhile.
        if (rejection is null && session is null) rejection = CheckRoom() ?? CheckProtocol(query);
        if (rejection is null && verdict.IsWithoutCredentials) rejection = CheckCredentials(context, session);
        if (rejection is not null) return RefuseAsync(context, rejection);

        var isFirst = session is null;
        session ??= Open(context, query, transport, keepsCookies: !verdict.IsWithoutCredentials || !AmbientCredentials.HaveCookies(context));
        // The server has begun to stop after the request was checked.
        if (session is null && _isStopping) return RefuseAsync(context, Rejection.Unavailable);
        if (session is null) return RefuseAsync(context);
        // A POST may bring the very pong that the client is overdue with.
        return session.IsOverdue && !HttpMethods.IsPost(context.Request.Method)
            ? ServeOverdueAsync(context, query, transport, session)
            : transport.ServeAsync(context, session, query, isFirst);
    }

    // Whether the client is dead must not depend on how late a timer is.
    private async Task ServeOverdueAsync(HttpContext context, EngineQuery query, ITransport transport, EngineSession session)
    {
        await session.JudgeAsync();
        await (session.IsFindable ? transport.ServeAsync(context, session, query, isFirst: false) : RefuseAsync(context, Rejection.UnknownSession.Because(RefusalDetails.UnknownSession)));
    }

    private Task RefuseAsync(HttpContext context, Rejection rejection)
    {
        Refusals.Add(rejection.Reason, context.Request.Headers.Origin.ToString(), OriginCheck.Host(context), rejection.Details ?? rejection.Message);
        Metrics.OnRefused(rejection.Reason);
        return rejection.WriteAsync(context);
    }

    // Null: it failed, and is closed, or the server is stopping.
    private EngineSession? Open(HttpContext context, in EngineQuery query, ITransport transport, bool keepsCookies)
    {
        BeginTelling();
        try
        {
            return _isStopping ? null : Create(context, query, transport, keepsCookies);
        }
        finally
        {
            EndTelling();
        }
    }

    private EngineSession? Create(HttpContext context, in EngineQuery query, ITransport transport, bool keepsCookies)
    {
        var protocol = SelectProtocol(query)!;
        var peer = protocol.DescribePeer(query.Base64 || query.Jsonp is not null, query.CacheBuster);
        var session = new EngineSession(this, NewId(), protocol, peer, transport, new(context, Time.GetUtcNow(), Options, keepsCookies));
        try
        {
            session.Attach(_application.CreateClient(session));
            session.Send(_openPacket.Write(session));
            // Whole before a stop can find it.
            _sessions[session.Id] = session;
            LogOpened(Logger, transport.Name, protocol.Name);
            session.Start();
        }
        catch (Exception e)
        {
            // The last line of defence: a session that did not begin is not left in the table.
            session.Fail(e);
            return null;
        }

        // Stop may have walked the table just before this session was in it.
        if (_isStopping) session.Close(CloseReason.ShuttingDown);
        return session;
    }

    private void CheckTold()
    {
        if (_isStopping && _sessions.IsEmpty && Volatile.Read(ref _untold) == 0) Volatile.Read(ref _told)?.TrySetResult();
    }

    private Rejection? CheckHandshake(HttpContext context, in EngineQuery query, ITransport transport)
    {
        var isWebSocket = WebSocketHandshake.IsRequest(context);
        if (_isStopping) return Rejection.Unavailable.Because("The server is stopping.");
        if (CheckRoom() is { } full) return full;
        // A WebSocket over HTTP/2 comes as CONNECT (RFC 8441).
        if (!isWebSocket && !HttpMethods.IsGet(context.Request.Method)) return Rejection.BadMethod.Because(RefusalDetails.Method(context.Request.Method));
        return isWebSocket == transport is WebSocketTransport ? null : Rejection.BadRequest.Because(RefusalDetails.Upgrade(isWebSocket));
    }

    private Rejection? CheckRoom() =>
        IsFull ? Rejection.Unavailable.Because($"There are {Options.MaxSessions} connections, which is MaxSessions.") : null;

    private Rejection? CheckJsonp(in EngineQuery query)
    {
        if (!Options.AllowJsonp) return Rejection.BadRequest.Because("JSONP is off. To let such clients in: AllowJsonp = true.");
        return Jsonp.IsIndex(query.Jsonp!) ? null : Rejection.BadRequest.Because("The query's j is no number of a JSONP callback.");
    }

    private Rejection? CheckProtocol(in EngineQuery query) =>
        SelectProtocol(query) is { } protocol && (Options.AllowEngineIO3 || !protocol.IsLegacy)
            ? null
            : Rejection.UnsupportedProtocol.Because(RefusalDetails.Protocol(query, Options));

    private Rejection? CheckSession(HttpContext context, in EngineQuery query, ITransport transport, out EngineSession? session)
    {
        if (!_sessions.TryGetValue(query.Sid!, out session) || !session.IsFindable) return Rejection.UnknownSession.Because(RefusalDetails.UnknownSession);
        // The protocol is fixed in the handshake: another parser on the same session is an attack (ATTACKS A34).
        if (SelectProtocol(query) != session.Protocol) return Rejection.BadRequest.Because("EIO is not the one that the session began with.");
        if (!session.Request.IsSamePerson(context, Options))
            return Rejection.Forbidden.Because("The request comes from another user than the session's first one, or from nobody (option UserId).");
        if (Options.BindToRemoteAddress && !Equals(session.Request.Address, context.Connection.RemoteIpAddress))
            return Rejection.Forbidden.Because("The request comes from another address than the session's first one, and BindToRemoteAddress is true.");
        if (WebSocketHandshake.IsRequest(context))
            return transport is WebSocketTransport && Options.AllowUpgrades ? null : Rejection.BadRequest.Because(RefusalDetails.WebSocket(Options));
        return transport == session.Transport && transport is not WebSocketTransport ? null : Rejection.BadRequest.Because(RefusalDetails.Moved(session, transport));
    }

    // A session of nobody takes nothing from its later requests, so cookies on those do no harm.
    private static Rejection? CheckCredentials(HttpContext context, EngineSession? session)
    {
        if (session is { Request.IsAnonymous: true } || !AmbientCredentials.NameTheUserOf(context)) return null;
        return Rejection.Forbidden.Because(OriginDetails.NoCredentials(context));
    }

    // The same for each request of a session: a client that names no revision never does.
    private EngineProtocol? SelectProtocol(in EngineQuery query) => EngineProtocol.Select(query.Protocol, _assumed);

    private ITransport? FindTransport(string name)
    {
        foreach (var transport in _transports)
        {
            if (transport.Name == name) return transport;
        }

        return null;
    }
}
