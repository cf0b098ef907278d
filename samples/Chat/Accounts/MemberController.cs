using Chat.Presence;
using Chat.Storage;
using Microsoft.AspNetCore.Authorization;
using SocketIOServer;

namespace Chat.Accounts;

/// <summary>A namespace for who is signed in. All sockets of a user are in one room, by which they are reached and ended.</summary>
[Authorize]
internal abstract class MemberController<TClient>(IChatStore store, OnlineUsers online) : SocketController<TClient>
    where TClient : class
{
    protected IChatStore Store => store;

    protected OnlineUsers Online => online;

    protected User Me => field ??= User.From(Socket.User)!;

    // In the room before the question: a sign-out in between finds the socket there.
    public override async Task OnConnectingAsync(CancellationToken cancel)
    {
        await Socket.JoinAsync(Me.Room);
        if (!await store.Accounts.IsCurrentAsync(Me)) throw new ConnectionRefusedException("unauthorized");
    }

    public override Task OnConnectedAsync(CancellationToken cancel)
    {
        online.Enter(Me, Socket.Id);
        // It may have left before it was here.
        if (!Socket.IsConnected) online.Leave(Me, Socket.Id);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(LeaveReason reason)
    {
        online.Leave(Me, Socket.Id);
        return Task.CompletedTask;
    }
}
