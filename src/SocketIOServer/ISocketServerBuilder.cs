using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer;

/// <summary>What AddSocketIO gives, for packages that add to the server.</summary>
public interface ISocketServerBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
