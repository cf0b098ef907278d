namespace SocketIOServer.Adapters;

/// <summary>A session as servers of a cluster with a log give it to each other: all positions are ids of the log.</summary>
internal sealed record SessionRecord
{
    /// <summary>The id of the socket.</summary>
    public required string Sid { get; init; }

    /// <summary>The secret of its client.</summary>
    public required string Pid { get; init; }

    /// <summary>The rooms at the end, its own id among them.</summary>
    public required IReadOnlyCollection<string> Rooms { get; init; }

    public SocketData Data { get; init; } = new();

    /// <summary>A server of Node has saved it, which knows neither the user nor any position.</summary>
    public bool IsForeign { get; init; }

    public string? UserId { get; init; }

    /// <summary>Null: a server of Node does not say it.</summary>
    public string? Namespace { get; init; }

    /// <inheritdoc cref="MemberHistory.From"/>
    public EntryId From { get; init; }

    /// <inheritdoc cref="MemberHistory.Last"/>
    public EntryId Last { get; init; }

    /// <summary>Until where its server had delivered the log when the socket left.</summary>
    public EntryId Left { get; init; }

    /// <summary>Until where changes of the sockets of rooms are in <see cref="Rooms"/> and <see cref="Changes"/>.</summary>
    public EntryId Changed { get; init; }

    /// <inheritdoc cref="MemberHistory.Needs"/>
    public EntryId Needs { get; init; }

    /// <inheritdoc cref="MemberHistory.KnownFrom"/>
    public EntryId KnownFrom { get; init; }

    /// <inheritdoc cref="MemberHistory.Changes"/>
    public IReadOnlyList<(EntryId Position, string Room, bool IsJoin)> Changes { get; init; } = [];
}
