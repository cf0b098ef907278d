using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.EngineIO.Transports;
using SocketIOServer.EngineIO.Transports.WebSockets;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>Decides whether a request may open a session or belongs to the one that it names. Each check returns null if the request may pass.</summary>
internal sealed class RequestValidator(EngineOptions options, SessionTable sessions, EndedSessions ended)
{
    private readonly EngineProtocol? _whenMissing = options is { AllowEngineIO3: true, AllowMissingRevision: true } ? EngineProtocol.Oldest : null;

    /// <summary>
    /// Returns the protocol of a request. It is the same for each request of a session, because a client that sends no revision never sends one.
    /// </summary>
    public EngineProtocol? SelectProtocol(in EngineQuery query) => EngineProtocol.Select(query.Protocol, _whenMissing);

    /// <summary>Checks a request without a session id.</summary>
    public Rejection? CheckHandshake(HttpContext context, ITransport transport)
    {
        var isWebSocket = WebSocketHandshake.IsRequest(context);
        if (sessions.IsStopping) return Rejection.Unavailable.Because(RefusalDetails.Stopping);
        if (CheckRoom() is { } full) return full;
        // A WebSocket over HTTP/2 comes as CONNECT (RFC 8441).
        if (!isWebSocket && !HttpMethods.IsGet(context.Request.Method)) return Rejection.BadMethod.Because(RefusalDetails.Method(context.Request.Method));
        return isWebSocket == transport is WebSocketTransport ? null : Rejection.BadRequest.Because(RefusalDetails.Upgrade(isWebSocket));
    }

    /// <summary>Checks that MaxSessions allows one more session.</summary>
    public Rejection? CheckRoom() =>
        sessions.Count >= options.MaxSessions ? Rejection.Unavailable.Because(RefusalDetails.Full(options)) : null;

    /// <summary>Checks a request with a session id. If the request may pass, the session is not null.</summary>
    /// <param name="context">The request.</param>
    /// <param name="query">Its query.</param>
    /// <param name="transport">The transport that it names.</param>
    /// <param name="forwarded">What another server says about the request. Null if it comes from a client.</param>
    /// <param name="session">The session, or null if there is none.</param>
    public Rejection? CheckSession(HttpContext context, in EngineQuery query, ITransport transport, ForwardedRequest? forwarded, out EngineSession? session)
    {
        if (!sessions.TryFind(query.Sid!, out session) || !session.IsFindable) return NoSession(query.Sid!, session);
        // The handshake fixes the protocol. Real clients never change it, and two protocols would read the bytes of one session differently.
        if (SelectProtocol(query) != session.Protocol) return Rejection.BadRequest.Because(RefusalDetails.OtherProtocol);
        if (!session.Request.IsSamePerson(context, options, forwarded)) return Rejection.Forbidden.Because(RefusalDetails.OtherUser);
        if (options.BindToRemoteAddress && !Equals(session.Request.Address, context.Connection.RemoteIpAddress))
            return Rejection.Forbidden.Because(RefusalDetails.OtherAddress);
        if (WebSocketHandshake.IsRequest(context))
            return transport is WebSocketTransport && options.AllowUpgrades ? null : Rejection.BadRequest.Because(RefusalDetails.WebSocket(options));
        return transport == session.Transport && transport is not WebSocketTransport ? null : Rejection.BadRequest.Because(RefusalDetails.Moved(session, transport));
    }

    /// <summary>Returns the rejection for an id that belongs to no session, or to a session that has ended.</summary>
    public Rejection NoSession(string id, EngineSession? session)
    {
        var reason = session?.CloseReason;
        if (reason is null) ended.TryFind(id, out reason);
        return Rejection.UnknownSession.Because(RefusalDetails.NoSession(reason, options));
    }

    public Rejection? CheckJsonp(in EngineQuery query)
    {
        if (query.Jsonp is null) return null;
        if (!options.AllowJsonp) return Rejection.BadRequest.Because(RefusalDetails.JsonpOff);
        return Jsonp.IsIndex(query.Jsonp) ? null : Rejection.BadRequest.Because(RefusalDetails.JsonpIndex);
    }

    public Rejection? CheckProtocol(in EngineQuery query) =>
        SelectProtocol(query) is { } protocol && (options.AllowEngineIO3 || !protocol.IsLegacy)
            ? null
            : Rejection.UnsupportedProtocol.Because(RefusalDetails.Protocol(query, options));

    /// <summary>Checks a request of a page that can connect, but must not act as the signed-in user.</summary>
    public static Rejection? CheckCredentials(HttpContext context, EngineSession? session)
    {
        // An anonymous session uses no credentials of its later requests, so cookies on them do no harm.
        if (session is { Request.IsAnonymous: true } || !AmbientCredentials.NameTheUserOf(context)) return null;
        return Rejection.Forbidden.Because(OriginDetails.NoCredentials(context));
    }
}
