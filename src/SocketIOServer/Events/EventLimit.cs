using System.Threading.RateLimiting;

namespace SocketIOServer.Events;

/// <summary>How a socket gets the limiter of its events.</summary>
/// <param name="Create">The function of the program. It is called at the first event of a socket.</param>
/// <param name="IsShared">Several sockets get the same limiter, so it is not disposed with the socket.</param>
internal sealed record EventLimit(Func<ISocket, RateLimiter> Create, bool IsShared);
