using System.Globalization;
using Chat.Accounts;

namespace Chat.Rooms;

internal interface IRoomStore
{
    /// <summary>All rooms as this user sees them, by name; the counts of who is online are not in the database.</summary>
    Task<IReadOnlyList<Room>> ListAsync(long user);

    /// <summary>The ids of the rooms that a user is a member of.</summary>
    Task<IReadOnlyList<long>> JoinedAsync(long user);

    /// <summary>The owner is its first member.</summary>
    Task<Outcome<Room>> CreateAsync(User owner, string name);

    Task<Outcome<Room>> RenameAsync(long user, long room, string name);

    /// <summary>Deletes the room with all that was said in it.</summary>
    Task<Outcome<Room>> CloseAsync(long user, long room);

    Task<Outcome<Room>> JoinAsync(long user, long room);

    /// <summary>False: was no member.</summary>
    Task<bool> LeaveAsync(long user, long room);
}

/// <param name="Id">From the database, never used again.</param>
/// <param name="Name">As the owner wrote it.</param>
/// <param name="Owner">The owner's id.</param>
/// <param name="OwnerName">The owner's name.</param>
/// <param name="Joined">Whether the one who asks is a member.</param>
/// <param name="Unread">Messages of others behind the last one that was seen; 100 stands for more too.</param>
/// <param name="Last">The id of its last message, up to which was counted.</param>
/// <param name="Online">Members who are here now.</param>
internal sealed record Room(long Id, string Name, long Owner, string OwnerName, bool Joined = false, long Unread = 0, long Last = 0, int Online = 0)
{
    private const string Prefix = "room:";

    /// <summary>The room of the members' sockets.</summary>
    public static string Of(long id) => Prefix + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a room of sockets is that of a room of the chat.</summary>
    public static bool IsOne(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);
}
