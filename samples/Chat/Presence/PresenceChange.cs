namespace Chat.Presence;

/// <summary>What has changed for all nodes together: a second tab or a second node changes nothing.</summary>
internal sealed record PresenceChange(PresenceChangeKind Kind, Visitor Visitor, long Room = 0);

internal enum PresenceChangeKind
{
    Came,
    EnteredRoom,
    LeftRoom,
    Left,
}
