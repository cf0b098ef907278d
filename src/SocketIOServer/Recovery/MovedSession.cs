using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <summary>A session that another server had, and what its client has missed until that server gave it away.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Missed">The events, in their order.</param>
/// <param name="Seen">The events that the other server has had. The client has them, or they are among the missed ones, or they were not for it.</param>
/// <param name="Away">How long the client was away.</param>
internal sealed record MovedSession(SocketSnapshot Socket, IReadOnlyList<OutgoingMessage> Missed, SeenEvents Seen, TimeSpan Away)
{
    /// <summary>The gaps that the log of the new server had when it asked for the session.</summary>
    public int Gaps { get; init; }

    /// <inheritdoc cref="Member.Handled"/>
    public Task Handled { get; init; } = Task.CompletedTask;
}
