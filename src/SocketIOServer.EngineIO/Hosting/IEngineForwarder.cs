using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Hosting;

/// <summary>Passes requests to the other servers that have their sessions. A server that is alone has none.</summary>
internal interface IEngineForwarder
{
    /// <summary>Returns true if another server has the session and this one can forward requests to it.</summary>
    bool HasOwner(string sid);

    /// <summary>Returns what another server says about a request that it has forwarded. Null for a request of a client.</summary>
    ForwardedRequest? Read(HttpContext context);

    /// <summary>
    /// Answers the request with the response of the session's server. For a WebSocket, it completes when the connection ends. Returns a rejection if there is
    /// no such response; nothing has been written then.
    /// </summary>
    ValueTask<Rejection?> ForwardAsync(HttpContext context, string sid, ForwardedRequest request, bool isWebSocket);
}
