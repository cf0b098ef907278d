using Microsoft.AspNetCore.Authorization;

namespace SocketIOServer.Interop.Programs;

[Namespace("/rooms"), Authorize]
internal sealed class RoomsChat(IChatStore store) : SocketController<IChatClient>
{
    [On("join")]
    public async Task<JoinReply> Join(int roomId, CancellationToken ct)
    {
        if (!await store.RoomExistsAsync(roomId, ct)) throw new AckException(new { error = "no such room" });
        await Socket.JoinAsync(Key(roomId));
        await Clients.In(Key(roomId)).Status($"{Socket.UserId} has entered the room.");
        return new(await Everyone.To(Key(roomId)).CountAsync(ct), await store.RecentAsync(Key(roomId), 50, ct));
    }

    [On("room message")]
    public async Task Post(int roomId, string body, CancellationToken ct) =>
        await Clients.In(Key(roomId)).Message(await store.SaveAsync(Key(roomId), Socket.UserId!, body, ct));

    [On("close"), Authorize("RoomOwner")]
    public async Task Close(int roomId, CancellationToken ct)
    {
        await store.CloseAsync(roomId, ct);
        await Everyone.CloseRoomAsync(Key(roomId));
    }

    private static string Key(int id) => $"room:{id}";

    internal sealed record JoinReply(int Members, IReadOnlyList<ChatLine> Recent);
}
