using Chat.Accounts;
using Chat.Presence;
using Chat.Storage;
using SocketIOServer;

namespace Chat.Messages;

/// <summary>The chat of all who are signed in.</summary>
[Namespace("/")]
internal sealed class GlobalController(IChatStore store, OnlineUsers online)
    : MemberController<IGlobalClient>(store, online)
{
    [On("message")]
    public Task<Message> Post(Draft draft, [RetryKey] string? key = null) => AddAsync(draft.Read(key, Message.Global, Me.Id, Me.Name));

    [On("file")]
    public Task<Message> PostFile(Draft draft, byte[] content, [RetryKey] string? key = null) =>
        AddAsync(draft.Read(key, Message.Global, Me.Id, Me.Name, content));

    [On("history")]
    public Task<HistoryPage> History(long? before = null) =>
        Store.Messages.HistoryAsync(Message.Global, before);

    [On("online")]
    public int CountOnline() => Online.Count;

    private async Task<Message> AddAsync(NewMessage draft) =>
        (await Store.Messages.AddAsync(draft, Clients.Others.Message)).OrRefuse();
}
