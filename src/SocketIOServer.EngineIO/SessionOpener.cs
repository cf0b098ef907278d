using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO.Events;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.EngineIO;

/// <summary>Opens the session of a handshake: its id, its client in the layer above and its open packet.</summary>
internal sealed partial class SessionOpener(
    EngineServer server, IEngineApplication application, RequestValidator validator, OpenPacket openPacket, SessionIds ids, EventNotifier events)
{
    /// <summary>
    /// Returns null if the session failed and is closed, or if the server is stopping. Throws the exceptions of the application's UserId and GenerateId.
    /// </summary>
    public EngineSession? Open(HttpContext context, in EngineQuery query, ITransport transport, bool keepsCookies)
    {
        server.Sessions.BeginWork();
        try
        {
            return server.Sessions.IsStopping ? null : Create(context, query, transport, keepsCookies);
        }
        finally
        {
            server.Sessions.EndWork();
        }
    }

    private EngineSession? Create(HttpContext context, in EngineQuery query, ITransport transport, bool keepsCookies)
    {
        var protocol = validator.SelectProtocol(query)!;
        var encoding = protocol.DescribeClient(query.Base64 || query.Jsonp is not null, query.CacheBuster);
        var request = new HandshakeRequest(context, server.Time.GetUtcNow(), server.Options, keepsCookies);
        var id = ids.Take(context);
        var isAdded = false;
        EngineSession? session = null;
        try
        {
            session = new(server, id, protocol, encoding, transport, request);
            events.OnOpened(context, session);
            session.Attach(application.CreateClient(session));
            session.Send(openPacket.Write(session));
            // The session must be complete before a stop can find it.
            server.Sessions.Add(session);
            isAdded = true;
            LogOpened(server.Logger, transport.Name, protocol.Name);
            session.Start();
        }
        catch (Exception e) when (session is not null)
        {
            // The last catch: a session that could not start must not stay in the table.
            session.Fail(e);
            return null;
        }
        finally
        {
            if (!isAdded) ids.Release(id);
        }

        // Stop might have enumerated the table just before this session was added.
        if (server.Sessions.IsStopping) session.Close(CloseReason.ShuttingDown);
        return session;
    }

    // The log never contains the session id, because it is a secret.
    [LoggerMessage(3, LogLevel.Debug, "Session on {Transport} opened with {Protocol}.")]
    private static partial void LogOpened(ILogger logger, string transport, string protocol);
}
