using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Emitter;

/// <summary>An emitter for a program without a host; with one, use <see cref="SocketIOEmitterExtensions.AddSocketIOEmitter(IServiceCollection, Action{SocketEmitterOptions}?)"/>.</summary>
public static class SocketEmitter
{
    /// <summary>Makes an emitter and begins to connect it. The first call waits until the bus is connected.</summary>
    /// <param name="bus">Adds the bus, as for a server: <c>emitter => emitter.AddRedis("127.0.0.1:6379")</c>.</param>
    /// <param name="configure">Changes the defaults. Default null: none.</param>
    /// <param name="logger">Gets the log lines. Default null: they are dropped.</param>
    /// <returns>The emitter. Dispose of it: what was emitted before then reaches the engine.</returns>
    /// <exception cref="InvalidOperationException"><paramref name="bus"/> adds no bus.</exception>
    /// <example>
    /// <code>
    /// await using var io = SocketEmitter.Create(emitter => emitter.AddRedis("127.0.0.1:6379"));
    /// await io.Of("/chat").To("lobby").EmitAsync("news", "The server restarts at noon.");
    /// </code>
    /// </example>
    public static ISocketEmitter Create(Action<ISocketServerBuilder> bus, Action<SocketEmitterOptions>? configure = null, ILoggerFactory? logger = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var services = new ServiceCollection();
        services.AddLogging();
        if (logger is not null) services.AddSingleton(logger);
        bus(services.AddSocketIOEmitter(configure));
        var provider = services.BuildServiceProvider();
        try
        {
            var emitter = (ClusterEmitter)provider.GetRequiredService<ISocketEmitter>();
            emitter.Owner = provider;
            return emitter;
        }
        catch
        {
            // There is no emitter that could wait for it.
            _ = provider.DisposeAsync().AsTask();
            throw;
        }
    }
}
