namespace SocketIOServer;

/// <summary>A namespace: everyone in it.</summary>
public interface ISocketNamespace : IBroadcast
{
    /// <summary>"/" for the default one.</summary>
    string Name { get; }

    /// <summary>Takes everyone out of a room; it is gone then.</summary>
    ValueTask CloseRoomAsync(string room);

    /// <summary>The rooms that someone is in, without those of the sockets' own ids.</summary>
    Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default);
}
