using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.Testing.Transports;

/// <summary>Carries packets in memory. It replaces the WebSocket transport, so an application that asks for the transport sees no difference.</summary>
internal sealed class MemoryTransport : ITransport
{
    public string Name => "websocket";

    public IReadOnlyList<string> Upgrades => [];

    public Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst) =>
        context.Features.GetRequiredFeature<MemoryConnection>().RunAsync(session);
}
