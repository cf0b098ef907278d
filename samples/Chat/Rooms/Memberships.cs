namespace Chat.Rooms;

/// <summary>
/// The changes of one user's memberships, one at a time: what the store says and the rooms of the user's sockets change together. Without it a
/// tab that comes while another one leaves a room could go on hearing it.
/// </summary>
internal sealed class Memberships : Turns
{
    /// <summary>Waits for the turn; disposing ends it.</summary>
    public Task<IDisposable> TakeTurnAsync(long user) => TakeAsync(user);
}
