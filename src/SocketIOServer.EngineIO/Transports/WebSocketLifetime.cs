using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>
/// Who may reset a WebSocket's connection: we, for one that takes too long. The framework also does when the client ends without
/// a close frame or breaks the protocol; that turns a clean end into an error, which in Node nobody handles in the 1.x clients,
/// and takes from the client the close frame that says what was wrong.
/// </summary>
internal sealed class WebSocketLifetime(WebSocket socket, IHttpRequestLifetimeFeature inner) : IHttpRequestLifetimeFeature
{
    public static WebSocketLifetime Take(HttpContext context, WebSocket socket)
    {
        var lifetime = new WebSocketLifetime(socket, context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>());
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        return lifetime;
    }

    public CancellationToken RequestAborted
    {
        get => inner.RequestAborted;
        set => inner.RequestAborted = value;
    }

    /// <summary>What the framework calls. The connection ends with its request.</summary>
    public void Abort()
    {
    }

    /// <summary>Ends the connection now: what waits on it in either direction fails.</summary>
    public void Reset()
    {
        inner.Abort();
        socket.Abort();
    }
}
