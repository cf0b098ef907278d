using System.Globalization;
using System.Security.Claims;

namespace Chat.Accounts;

/// <summary>Who is signed in.</summary>
/// <param name="Id">From the database.</param>
/// <param name="Name">As it is shown.</param>
/// <param name="Stamp">Of this sign-in; signing out makes it worthless.</param>
internal sealed record User(long Id, string Name, long Stamp)
{
    private const string StampClaim = "stamp";

    /// <summary>The room of all sockets of this user, in each namespace.</summary>
    public string Room => RoomOf(Id);

    public static string RoomOf(long id) => $"user:{id}";

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, Id.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, Name),
            new(StampClaim, Stamp.ToString(CultureInfo.InvariantCulture)),
        ],
        scheme));

    /// <summary>Null: nobody is signed in.</summary>
    public static User? From(ClaimsPrincipal? principal) =>
        long.TryParse(principal?.FindFirst(ClaimTypes.NameIdentifier)?.Value, CultureInfo.InvariantCulture, out var id) &&
        long.TryParse(principal.FindFirst(StampClaim)?.Value, CultureInfo.InvariantCulture, out var stamp)
            ? new(id, principal.Identity?.Name ?? "", stamp)
            : null;
}
