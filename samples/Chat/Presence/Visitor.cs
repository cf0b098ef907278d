namespace Chat.Presence;

/// <summary>A user on one node.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Rooms">The rooms that the user is in. Null: the user is not on this node any more.</param>
/// <param name="IsNews">False: the page was connected before and nobody saw the user leave, so the rooms are not told that the user has entered.</param>
internal sealed record Visitor(long Id, string Name, IReadOnlyCollection<long>? Rooms, bool IsNews = true);
