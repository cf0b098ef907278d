using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>A connection that opens.</summary>
public sealed class EngineOpenedContext
{
    internal EngineOpenedContext(HttpContext context, EngineSession session) => (HttpContext, Session) = (context, session);

    /// <summary>The first request. Use it before the first <c>await</c> only: the request may be over afterwards.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The connection.</summary>
    public EngineSession Session { get; }
}
