using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>
/// A transport of Engine.IO. It is stateless: it serves requests for a session, and takes from the session's outbox while it holds the lease.
/// </summary>
internal interface ITransport
{
    /// <summary>The "transport" query parameter.</summary>
    string Name { get; }

    /// <summary>The names of the transports to which a session on this transport can upgrade.</summary>
    IReadOnlyList<string> Upgrades { get; }

    Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst);
}
