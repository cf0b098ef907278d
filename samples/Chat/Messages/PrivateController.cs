using Chat.Accounts;
using Chat.Presence;
using Chat.Storage;
using SocketIOServer;

namespace Chat.Messages;

/// <summary>Messages between two users, on all their tabs and to nobody else. Those for who is away wait in the store.</summary>
[Namespace(Path)]
internal sealed class PrivateController(IChatStore store, OnlineUsers online, Postman postman) : MemberController<IPrivateClient>(store, online)
{
    public const string Path = "/private";

    // Rooms of one socket: a client must not be able to make as many as it likes.
    private const int MaxWatched = 500;

    /// <summary>The room of the sockets that are told when a user comes or leaves.</summary>
    public static string WatchersOf(long user) => $"watch:{user}";

    // The room of the user was joined while connecting, so what is sent meanwhile comes too; the page orders by id.
    public override async Task OnConnectedAsync(CancellationToken cancel)
    {
        await base.OnConnectedAsync(cancel);
        await postman.DeliverWaitingAsync(Me.Id, Socket.Id, cancel);
    }

    [On("conversations")]
    public async Task<IEnumerable<Conversation>> List()
    {
        var all = await Store.Private.ListAsync(Me.Id);
        // The socket joins the rooms before the server reads who is online, so it also hears of a change in between.
        foreach (var conversation in all.Take(MaxWatched)) await Socket.JoinAsync(WatchersOf(conversation.Peer));
        return all.Select(conversation => conversation with { Online = Online.IsOnline(conversation.Peer) });
    }

    /// <summary>Tells whether a user is online, and from then on when that changes.</summary>
    [On("watch")]
    public async Task<bool> Watch(long user)
    {
        if (Socket.Rooms.Count <= MaxWatched) await Socket.JoinAsync(WatchersOf(user));
        return Online.IsOnline(user);
    }

    [On("search")]
    public async Task<IEnumerable<Person>> Search(string beginning)
    {
        if (beginning.Length > 24) throw ErrorCode.TooLong.Refuse();
        return (await Store.Accounts.SearchAsync(beginning.Trim(), Me.Id)).Select(person => person with { Online = Online.IsOnline(person.Id) });
    }

    [On("message")]
    public Task<Message> Post(long to, Draft draft, [RetryKey] string? key = null) => AddAsync(to, draft.Read(key, 0, Me.Id, Me.Name));

    [On("file")]
    public Task<Message> PostFile(long to, Draft draft, byte[] content, [RetryKey] string? key = null) =>
        AddAsync(to, draft.Read(key, 0, Me.Id, Me.Name, content));

    [On("history")]
    public Task<HistoryPage> History(long with, long? before = null) => Store.Private.HistoryAsync(Me.Id, with, before);

    [On("read")]
    public async Task Read(long from, long upTo)
    {
        if (!await Store.Private.ReadAsync(Me.Id, from, upTo)) return;
        await Clients.In(User.RoomOf(from)).Read(Me.Id, upTo);
        await Clients.OthersIn(Me.Room).Seen(from, upTo);
    }

    [On("typing")]
    public ValueTask Typing(long to) => Everyone.To(User.RoomOf(to)).Volatile.As<IPrivateClient>().Typing(new(Me.Id, Me.Name));

    private async Task<Message> AddAsync(long to, NewMessage draft)
    {
        var stored = (await Store.Private.AddAsync(draft, to)).OrRefuse();
        if (stored.IsNew) await Clients.OthersIn(Me.Room).Sent(stored.Message);
        // Also one that was stored before: the node that has stored it may have died.
        if (stored.Message.Delivered == false) await postman.DeliverAsync(to, stored.Message);
        return stored.Message;
    }
}
