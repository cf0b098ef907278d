namespace Chat.Presence;

/// <summary>What a node tells the others of its own users.</summary>
/// <param name="Node">The node.</param>
/// <param name="From">The version that the update continues. A node that knows another version asks for all.</param>
/// <param name="Version">The version that the update leads to. The same as <paramref name="From"/>: nothing has changed since.</param>
/// <param name="Visitors">The users who have changed; with <paramref name="IsFull"/> all users of the node.</param>
/// <param name="IsFull">Whether the update replaces what is known of the node.</param>
internal sealed record PresenceUpdate(string Node, long From, long Version, IReadOnlyList<Visitor> Visitors, bool IsFull = false);
