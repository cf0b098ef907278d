namespace SocketIOServer.Retries;

/// <summary>Whose keys they are: a client can neither see nor use up the keys of another.</summary>
/// <param name="Namespace">Where the events came.</param>
/// <param name="IsUser">Whether the id is that of a signed-in user. Otherwise it is that of a socket, which a client keeps that gets its session back.</param>
/// <param name="Id">The id.</param>
internal readonly record struct RetryOwner(string Namespace, bool IsUser, string Id);
