using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Micro;

/// <summary>Servers as a program makes them, without a port.</summary>
internal static class Servers
{
    public static SocketServer Start(Action<SocketEndpointBuilder> map, Action<SocketServerOptions>? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSocketIO(options ?? (static _ => { }));
        var app = builder.Build();
        map(app.MapSocketIO());
        return app.Services.GetRequiredService<SocketServer>();
    }
}
