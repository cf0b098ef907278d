namespace SocketIOServer;

/// <summary>A socket as it was when it was asked for.</summary>
public interface IRemoteSocket
{
    /// <summary>The id, by which it can be addressed as a room.</summary>
    string Id { get; }

    /// <summary>The id of its user, by <see cref="EngineOptions.UserId"/>; null when there is none.</summary>
    string? UserId { get; }

    /// <summary>The rooms it is in, its own id among them.</summary>
    IReadOnlyCollection<string> Rooms { get; }
}
