namespace SocketIOServer.Interop.Programs;

/// <summary>What a chat keeps of rooms and users; a database's, in a real program.</summary>
internal interface IChatStore
{
    Task<bool> RoomExistsAsync(int roomId, CancellationToken cancel);

    Task CloseAsync(int roomId, CancellationToken cancel);

    Task<IReadOnlyList<ChatLine>> RecentAsync(string key, int count, CancellationToken cancel);

    Task<ChatLine> SaveAsync(string to, string from, string body, CancellationToken cancel);

    /// <summary>What was saved for a user and not taken yet.</summary>
    Task<IReadOnlyList<ChatLine>> TakeUnreadAsync(string user, CancellationToken cancel);
}
