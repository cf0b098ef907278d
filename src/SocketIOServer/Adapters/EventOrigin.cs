namespace SocketIOServer.Adapters;

/// <summary>Which server has sent an event, and its number among that server's messages in the namespace.</summary>
/// <param name="Sender">The id of the server. Null: an event that no other server gets.</param>
/// <param name="Number">0: the server does not number its events, as Node's servers do not.</param>
internal readonly record struct EventOrigin(string? Sender, long Number)
{
    public bool IsNumbered => Number > 0;
}
