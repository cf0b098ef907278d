using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>A way for packets to travel. Stateless: serves requests for a session, takes from its outbox while it holds the lease.</summary>
internal interface ITransport
{
    /// <summary>The "transport" query parameter.</summary>
    string Name { get; }

    /// <summary>Where a session may move to from here.</summary>
    IReadOnlyList<string> Upgrades { get; }

    Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst);
}
