using SocketIOServer;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.Protocol.EngineIO;

namespace ProtocolHost;

/// <summary>An Engine.IO server that sends every message back.</summary>
internal sealed class EngineEcho : IEngineApplication
{
    public static void Map(WebApplication app, Action<EngineOptions> configure)
    {
        var options = new EngineOptions();
        configure(options);
        var server = new EngineServer(options, new EngineEcho(), TimeProvider.System, app.Logger, new(new("EngineEcho"), () => []), new(TimeProvider.System));
        app.Lifetime.ApplicationStopping.Register(server.Stop);
        EngineEndpoint.Map(app, "/engine.io", server.ServeAsync);
    }

    public IEngineClient CreateClient(EngineSession session) => new Client(session);

    private sealed class Client(EngineSession session) : IEngineClient
    {
        public void OnOpened()
        {
        }

        public ValueTask OnMessageAsync(EnginePacket message)
        {
            session.Send(message.IsBinary
                ? new OutgoingMessage(message.Data.ToArray(), isBinary: true)
                : new OutgoingMessage([(byte)'4', .. message.Data.Span]));
            return default;
        }

        public void OnClosed(CloseReason reason)
        {
        }
    }
}
