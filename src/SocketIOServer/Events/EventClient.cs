using System.Diagnostics;

namespace SocketIOServer.Events;

/// <summary>A client as event dispatch sees it: what the sockets of one connection share.</summary>
/// <param name="maxUnhandledBytes">Bytes of events that may wait behind handlers.</param>
/// <param name="hasSecretIds">The ids of its sockets contain the secret id of the session, so the log must not show them.</param>
internal abstract class EventClient(long maxUnhandledBytes, bool hasSecretIds)
{
    private int _hasBadEvent;

    /// <summary>Events of all sockets that were received and not handled yet.</summary>
    public UnhandledBytes Unhandled { get; } = new(maxUnhandledBytes);

    /// <summary>The request that the session began with, for spans of later; null where nobody traced then.</summary>
    public ActivityLink[]? Origin { get; } = Tracing.Origin();

    public bool HasSecretIds => hasSecretIds;

    /// <summary>Returns true once. Only the first bad event of a client is logged at Information, so that a client cannot fill the log.</summary>
    public bool IsFirstBadEvent() => Interlocked.Exchange(ref _hasBadEvent, 1) == 0;
}
