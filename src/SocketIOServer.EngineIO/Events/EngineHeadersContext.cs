using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>A request of a connection whose answer is not written yet.</summary>
public sealed class EngineHeadersContext
{
    internal EngineHeadersContext(HttpContext context, EngineSession session) => (HttpContext, Session) = (context, session);

    /// <summary>The request. Do not keep it after the task has ended.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The connection.</summary>
    public EngineSession Session { get; }

    /// <summary>The headers of the answer. The server sets the ones that the protocol needs afterwards.</summary>
    public IHeaderDictionary Headers => HttpContext.Response.Headers;
}
