namespace SocketIOServer;

/// <summary>A socket as it was when it was asked for.</summary>
public interface IRemoteSocket
{
    /// <summary>The id, by which it can be addressed as a room.</summary>
    string Id { get; }

    /// <summary>The name identifier of its user; null when nobody is signed in.</summary>
    string? UserId { get; }

    /// <summary>The rooms it is in, its own id among them.</summary>
    IReadOnlyCollection<string> Rooms { get; }
}
