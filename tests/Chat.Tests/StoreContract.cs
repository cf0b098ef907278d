using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;
using Chat.Storage;

namespace Chat.Tests;

/// <summary>What every store does, whatever keeps its data. Each test has an empty store.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private readonly List<IChatStore> _stores = [];

    private protected IChatStore Store { get; private set; } = null!;

    private protected User Ada { get; private set; } = null!;

    private protected User Bob { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await CreateAsync();
        Store = await OpenAsync();
        Ada = (await Store.Accounts.AddAsync("Ada", "hash"))!;
        Bob = (await Store.Accounts.AddAsync("Bob", "hash"))!;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await DropAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var room = (await Store.Rooms.CreateAsync(Ada, "tea")).OrRefuse();
        var message = (await Store.Messages.AddAsync(Text(room.Id, "kept, 茶 and 🍵"), Nobody)).OrRefuse();

        await CloseAsync();
        var again = await OpenAsync();

        Assert.Equal(new Account(Ada, "hash"), await again.Accounts.FindAsync("ADA"));
        Assert.Equal([message], (await again.Messages.HistoryForAsync(Ada.Id, room.Id, null)).OrRefuse().Messages);
    }

    [Fact]
    public async Task Names_are_one_in_whatever_letters_and_a_sign_out_ends_earlier_sign_ins()
    {
        Assert.Null(await Store.Accounts.AddAsync("ａＤＡ", "other"));
        Assert.Null(await Store.Accounts.FindAsync("Nobody"));
        Assert.True(await Store.Accounts.IsCurrentAsync(Ada));

        await Store.Accounts.SignOutAsync(Ada.Id);

        Assert.False(await Store.Accounts.IsCurrentAsync(Ada));
        Assert.Equal(Ada.Stamp + 1, (await Store.Accounts.FindAsync("ada"))!.User.Stamp);
    }

    [Fact]
    public async Task A_search_finds_names_by_their_beginning_as_it_was_typed()
    {
        string[] names = ["Bo", "Bobby", "b%b", "B_b", "Bört", "茶茶"];
        foreach (var name in names) await Store.Accounts.AddAsync(name, "hash");
        async Task<string[]> FindAsync(string beginning) => [.. (await Store.Accounts.SearchAsync(beginning, Ada.Id)).Select(person => person.Name)];

        Assert.Equal(["Bo", "Bob", "Bobby"], await FindAsync("bo"));
        Assert.Equal(["b%b"], await FindAsync("b%"));
        Assert.Equal(["B_b"], await FindAsync("B_"));
        Assert.Equal(["茶茶"], await FindAsync("茶"));
        Assert.Empty(await FindAsync("ada"));
        Assert.Equal(7, (await FindAsync("")).Length);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing_and_get_ids_of_their_own_in_the_order_of_telling()
    {
        var told = new List<long>();

        var stored = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Store.Messages.AddAsync(Text(Message.Global, $"{i}"), message =>
        {
            told.Add(message.Id);
            return default;
        })));

        Assert.Equal(told.Order(), told);
        Assert.Equal(told, stored.Select(outcome => outcome.OrRefuse().Id).Order());
        Assert.Equal(300, await CountAsync());
    }

    [Fact]
    public async Task A_message_that_is_sent_again_is_stored_and_told_once()
    {
        var told = 0;
        // A second one would be too many.
        var message = Text(Message.Global, "once") with { File = new("a.txt", "text/plain", new byte[600_000]) };
        ValueTask Tell(Message message)
        {
            told++;
            return default;
        }

        var first = (await Store.Messages.AddAsync(message, Tell)).OrRefuse();
        var second = (await Store.Messages.AddAsync(message, Tell)).OrRefuse();

        Assert.Equal(first, second);
        Assert.Equal(new Attachment("a.txt", "text/plain", 600_000), first.File);
        Assert.Equal(1, told);
        Assert.Equal(600_000, (await Store.Messages.FileAsync(Bob.Id, first.Id))!.Content.Length);
    }

    [Fact]
    public async Task A_call_whose_telling_fails_fails_alone_and_stays_stored()
    {
        var failing = Store.Messages.AddAsync(Text(Message.Global, "one"), _ => throw new InvalidOperationException());
        var other = Store.Messages.AddAsync(Text(Message.Global, "two"), Nobody);

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal("two", (await other).OrRefuse().Text);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task A_room_has_members_and_what_they_have_not_read()
    {
        var tea = (await Store.Rooms.CreateAsync(Ada, "tea")).OrRefuse();
        await Store.Messages.AddAsync(Text(tea.Id, "before he came"), Nobody);
        Assert.Equal(ErrorCode.NotMember, (await Store.Messages.HistoryForAsync(Bob.Id, tea.Id, null)).Error);

        var joined = (await Store.Rooms.JoinAsync(Bob.Id, tea.Id)).OrRefuse();
        var news = (await Store.Messages.AddAsync(Text(tea.Id, "news"), Nobody)).OrRefuse();
        var seen = Assert.Single(await Store.Rooms.ListAsync(Bob.Id));

        Assert.Equal((true, 0), (joined.Joined, joined.Unread));
        Assert.Equal(new Room(tea.Id, "tea", Ada.Id, "Ada", true, 1, news.Id), seen);
        Assert.False(await Store.Messages.ReadAsync(Bob.Id, tea.Id, 0));
        Assert.True(await Store.Messages.ReadAsync(Bob.Id, tea.Id, long.MaxValue));
        Assert.Equal(0, (await Store.Rooms.ListAsync(Bob.Id))[0].Unread);
        Assert.Equal([tea.Id], await Store.Rooms.JoinedAsync(Bob.Id));
        Assert.True(await Store.Rooms.LeaveAsync(Bob.Id, tea.Id));
        Assert.False(await Store.Rooms.LeaveAsync(Bob.Id, tea.Id));
        Assert.Equal(ErrorCode.NotMember, (await Store.Messages.AddAsync(Text(tea.Id, "still here?") with { Sender = Bob.Id }, Nobody)).Error);
    }

    [Fact]
    public async Task Rooms_are_renamed_and_closed_by_their_owner_and_their_files_go_with_them()
    {
        var (tea, coffee) = ((await Store.Rooms.CreateAsync(Ada, "tea")).OrRefuse(), (await Store.Rooms.CreateAsync(Ada, "coffee")).OrRefuse());
        var file = new Files.NewFile("a.txt", "text/plain", new byte[600_000]);
        var message = (await Store.Messages.AddAsync(Text(tea.Id, "") with { File = file }, Nobody)).OrRefuse();

        Assert.Equal(ErrorCode.NameTaken, (await Store.Rooms.CreateAsync(Bob, "TEA")).Error);
        Assert.Equal(ErrorCode.NameTaken, (await Store.Rooms.RenameAsync(Ada.Id, coffee.Id, "Tea")).Error);
        Assert.Equal(ErrorCode.NotOwner, (await Store.Rooms.RenameAsync(Bob.Id, tea.Id, "x")).Error);
        Assert.Equal(ErrorCode.NotOwner, (await Store.Rooms.CloseAsync(Bob.Id, tea.Id)).Error);
        Assert.Equal("Green tea", (await Store.Rooms.RenameAsync(Ada.Id, tea.Id, "Green tea")).OrRefuse().Name);
        Assert.Equal(ErrorCode.StorageFull, (await Store.Messages.AddAsync(Text(coffee.Id, "") with { File = file }, Nobody)).Error);
        Assert.Equal("Green tea", (await Store.Rooms.CloseAsync(Ada.Id, tea.Id)).OrRefuse().Name);

        Assert.Null(await Store.Messages.FileAsync(Ada.Id, message.Id));
        Assert.Null((await Store.Messages.AddAsync(Text(coffee.Id, "") with { File = file }, Nobody)).Error);
        foreach (var error in (ErrorCode?[])[(await Store.Rooms.CloseAsync(Ada.Id, tea.Id)).Error, (await Store.Rooms.JoinAsync(Bob.Id, tea.Id)).Error, (await Store.Messages.HistoryForAsync(Ada.Id, tea.Id, null)).Error])
            Assert.Equal(ErrorCode.NoSuchRoom, error);
        Assert.NotEqual(tea.Id, (await Store.Rooms.CreateAsync(Ada, "tea")).OrRefuse().Id);
    }

    [Fact]
    public async Task Nobody_owns_more_rooms_than_fifty_though_they_are_made_at_once()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Store.Rooms.CreateAsync(Ada, $"room {i}")));

        Assert.Equal(50, made.Count(outcome => outcome.Error is null));
        Assert.All(made.Where(outcome => outcome.Error is not null), outcome => Assert.Equal(ErrorCode.TooManyRooms, outcome.Error));
    }

    [Fact]
    public async Task A_private_message_waits_until_a_device_has_it_and_is_noted_as_delivered_once()
    {
        var sent = new List<Message>();
        for (var i = 0; i < 3; i++) sent.Add((await Store.Private.AddAsync(Text(0, $"{i}"), Bob.Id)).OrRefuse().Message);
        Assert.All(sent, message => Assert.False(message.Delivered));
        Assert.Equal(sent, await Store.Private.WaitingAsync(Bob.Id));
        Assert.Equal(new Conversation(Ada.Id, "Ada", 3, sent[^1].Id), Assert.Single(await Store.Private.ListAsync(Bob.Id)));

        // Four devices ack the same messages at once, in this order and that.
        var noted = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Store.Private.DeliveredAsync(Bob.Id, i % 2 == 0 ? sent : [.. sent.AsEnumerable().Reverse()])));

        Assert.Equal(sent.Select(message => message.Id), noted.SelectMany(messages => messages).Select(message => message.Id).Order());
        Assert.Empty(await Store.Private.WaitingAsync(Bob.Id));
        Assert.True(await Store.Private.ReadAsync(Bob.Id, Ada.Id, sent[1].Id));
        Assert.False(await Store.Private.ReadAsync(Bob.Id, Ada.Id, sent[1].Id));
        var history = await Store.Private.HistoryAsync(Ada.Id, Bob.Id, null);
        Assert.Equal((sent[1].Id, true), (history.PeerRead, history.Messages.All(message => message.Delivered == true)));
        Assert.Empty((await Store.Private.HistoryAsync(Ada.Id, Ada.Id, null)).Messages);
    }

    [Fact]
    public async Task Both_may_write_their_first_private_message_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0
            ? Store.Private.AddAsync(Text(0, $"{i}"), Bob.Id)
            : Store.Private.AddAsync(Text(0, $"{i}") with { Sender = Bob.Id }, Ada.Id)));

        Assert.Equal(20, (await Store.Private.HistoryAsync(Ada.Id, Bob.Id, null)).Messages.Count);
        Assert.Single(await Store.Private.ListAsync(Ada.Id));
        Assert.Equal(ErrorCode.NoSuchUser, (await Store.Private.AddAsync(Text(0, "to nobody"), 4711)).Error);
        Assert.Equal(ErrorCode.NoSuchUser, (await Store.Private.AddAsync(Text(0, "to herself"), Ada.Id)).Error);
    }

    /// <summary>Makes the place of the data, which is empty.</summary>
    private protected abstract Task CreateAsync();

    /// <summary>Opens a store on that place. A user's files may take 1 MiB.</summary>
    private protected abstract Task<IChatStore> OpenStoreAsync();

    private protected abstract Task DropAsync();

    private protected static ValueTask Nobody(Message message) => default;

    private protected NewMessage Text(long conversation, string text) => new(Guid.NewGuid().ToString(), conversation, Ada.Id, "Ada", text, null);

    private protected async Task<IChatStore> OpenAsync()
    {
        var store = await OpenStoreAsync();
        _stores.Add(store);
        return store;
    }

    private protected async Task CloseAsync()
    {
        foreach (var store in _stores) await ((IAsyncDisposable)store).DisposeAsync();
        _stores.Clear();
    }

    private protected async Task<int> CountAsync()
    {
        var count = 0;
        for (long? before = null; ;)
        {
            var page = await Store.Messages.HistoryAsync(Message.Global, before);
            count += page.Messages.Count;
            if (!page.More) return count;
            before = page.Messages[^1].Id;
        }
    }
}
