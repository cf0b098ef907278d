using SocketIOServer.Adapters;

namespace SocketIOServer.Broadcasts;

/// <summary>A socket that an adapter has described.</summary>
internal sealed class RemoteSocket(SocketSnapshot snapshot) : IRemoteSocket
{
    public string Id => snapshot.Id;

    public string? UserId => snapshot.UserId;

    public IReadOnlyCollection<string> Rooms => snapshot.Rooms;
}
