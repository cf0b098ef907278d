namespace SocketIOServer.EngineIO.Hosting;

/// <summary>What the server that got a request of a client has found out about it, for the server that has the session.</summary>
/// <param name="Person">The user of the request, as <see cref="HandshakeRequest.PersonOf"/> returns it.</param>
/// <param name="Condition">What the origin check has left open.</param>
/// <param name="IsForged">Whether the request only says that a server has forwarded it, without a valid signature.</param>
internal sealed record ForwardedRequest(string? Person, ForwardCondition Condition, bool IsForged = false);
