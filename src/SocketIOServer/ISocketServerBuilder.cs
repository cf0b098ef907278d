using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer;

/// <summary>What AddSocketIO gives, for packages that add to the server.</summary>
public interface ISocketServerBuilder
{
    /// <summary>The name of the server, and of its options; empty for the one without a name.</summary>
    string Name { get; }

    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
