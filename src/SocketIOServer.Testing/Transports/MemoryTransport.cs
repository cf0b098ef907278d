using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.Testing.Transports;

/// <summary>Packets travel in memory. Stands in WebSocket's place, so that a program which asks for the transport sees no difference.</summary>
internal sealed class MemoryTransport : ITransport
{
    public string Name => "websocket";

    public IReadOnlyList<string> Upgrades => [];

    public Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst) =>
        context.Features.GetRequiredFeature<MemoryConnection>().RunAsync(session);
}
