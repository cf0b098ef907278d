using Microsoft.AspNetCore.Authorization;

namespace SocketIOServer.Interop.Programs;

/// <summary>A room for each user has all of the user's tabs.</summary>
[Namespace("/private"), Authorize]
internal sealed class PrivateChat(IChatStore store) : SocketController<IChatClient>
{
    public override async Task OnConnectedAsync(CancellationToken cancel)
    {
        await Socket.JoinAsync(Key(Socket.UserId!));
        await Clients.Caller.History(await store.TakeUnreadAsync(Socket.UserId!, cancel));
    }

    [On("send")]
    public async Task<bool> Send(string toUser, string body, CancellationToken ct)
    {
        if (await Everyone.To(Key(toUser)).CountAsync(ct) == 0)
        {
            await store.SaveAsync(toUser, Socket.UserId!, body, ct);   // waits in the store
            return false;
        }

        await Clients.In(Key(toUser)).Message(new(Socket.UserId!, body));      // every tab
        return true;
    }

    private static string Key(string user) => $"user:{user}";
}
