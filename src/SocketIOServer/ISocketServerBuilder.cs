using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer;

/// <summary>What AddSocketIO returns. Packages add to the server by extension methods of it.</summary>
public interface ISocketServerBuilder
{
    /// <summary>The name of the server and of its options. Empty for the server without a name.</summary>
    string Name { get; }

    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
