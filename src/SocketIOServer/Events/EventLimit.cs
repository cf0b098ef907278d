using System.Threading.RateLimiting;

namespace SocketIOServer.Events;

/// <summary>Where the limiter of a socket's events comes from.</summary>
/// <param name="Create">The program's; asked for at a socket's first event.</param>
/// <param name="IsShared">Other sockets are given the same one, so it does not end with the socket.</param>
internal sealed record EventLimit(Func<ISocket, RateLimiter> Create, bool IsShared);
