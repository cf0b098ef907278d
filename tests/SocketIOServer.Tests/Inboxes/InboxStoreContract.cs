namespace SocketIOServer.Tests.Inboxes;

/// <summary>What each store of inboxes does.</summary>
public abstract class InboxStoreContract
{
    protected static InboxLimits Limits { get; } = new(TimeSpan.FromMinutes(1), 5, 1000);

    protected abstract IInboxStore Store { get; }

    /// <summary>Lets a time pass that is longer than <see cref="ShortAge"/>.</summary>
    protected abstract Task WaitAsync();

    protected static TimeSpan ShortAge { get; } = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Messages_are_read_in_their_order_from_any_number()
    {
        for (byte i = 0; i < 5; i++) Assert.True(await Store.AddAsync("/,user:order", new byte[] { i, 0, 255 }, Limits));

        var all = await Store.ReadAsync("/,user:order", 0, 10);
        Assert.Equal([0, 1, 2, 3, 4], all.Select(message => message.Content.Span[0]));
        Assert.All(all, message => Assert.Equal(new byte[] { 0, 255 }, message.Content[1..].ToArray()));
        Assert.Equal(all.Select(message => message.Id).Order().Distinct(), all.Select(message => message.Id));
        Assert.Equal([2, 3], (await Store.ReadAsync("/,user:order", all[1].Id, 2)).Select(message => message.Content.Span[0]));
        Assert.Empty(await Store.ReadAsync("/,user:order", all[4].Id, 10));
        Assert.Empty(await Store.ReadAsync("/,user:other", 0, 10));
    }

    [Fact]
    public async Task Any_text_is_a_name_and_each_has_an_inbox_of_its_own()
    {
        string[] names = ["/,user:any", "/,user:any\0", "/,user:any\u0001", "/,user:any\u0001\0", "/,user:any\0\u0001", "/,user:any\u00010", "/,user:ány", "/,user:👍", "/,user:a'b\"c\\d%_{}*"];
        for (byte i = 0; i < names.Length; i++) Assert.True(await Store.AddAsync(names[i], new byte[] { i }, Limits));

        for (byte i = 0; i < names.Length; i++)
        {
            var message = Assert.Single(await Store.ReadAsync(names[i], 0, 10));
            Assert.Equal(i, message.Content.Span[0]);
            Assert.True(await Store.RemoveAsync(names[i], message.Id));
        }
    }

    [Fact]
    public async Task A_message_is_removed_once_and_numbers_go_on_after_the_inbox_was_empty()
    {
        await Store.AddAsync("/,user:remove", new byte[] { 1 }, Limits);
        var first = Assert.Single(await Store.ReadAsync("/,user:remove", 0, 10));

        Assert.False(await Store.RemoveAsync("/,user:remove", first.Id + 1));
        Assert.False(await Store.RemoveAsync("/,user:nobody", first.Id));
        Assert.True(await Store.RemoveAsync("/,user:remove", first.Id));
        Assert.False(await Store.RemoveAsync("/,user:remove", first.Id));
        Assert.Empty(await Store.ReadAsync("/,user:remove", 0, 10));
        await Store.AddAsync("/,user:remove", new byte[] { 2 }, Limits);
        Assert.Equal(2, Assert.Single(await Store.ReadAsync("/,user:remove", first.Id, 10)).Content.Span[0]);
    }

    [Fact]
    public async Task A_full_inbox_refuses_and_has_room_again_after_a_removal()
    {
        for (var i = 0; i < 5; i++) Assert.True(await Store.AddAsync("/,user:count", new byte[] { 1 }, Limits));
        Assert.False(await Store.AddAsync("/,user:count", new byte[] { 1 }, Limits));
        Assert.True(await Store.AddAsync("/,user:bytes", new byte[600], Limits));
        Assert.False(await Store.AddAsync("/,user:bytes", new byte[600], Limits));
        Assert.False(await Store.AddAsync("/,user:large", new byte[1001], Limits));
        Assert.True(await Store.AddAsync("/,user:large", new byte[1000], Limits));

        foreach (var inbox in new[] { "/,user:count", "/,user:bytes" })
        {
            await Store.RemoveAsync(inbox, (await Store.ReadAsync(inbox, 0, 1))[0].Id);
            Assert.True(await Store.AddAsync(inbox, new byte[] { 1 }, Limits));
        }
    }

    [Fact]
    public async Task A_message_expires_and_makes_room()
    {
        var limits = Limits with { MaxAge = ShortAge };
        for (var i = 0; i < 5; i++) await Store.AddAsync("/,user:old", new byte[] { 1 }, limits);
        var old = await Store.ReadAsync("/,user:old", 0, 10);
        var last = old.Count == 0 ? default : old[^1];
        await WaitAsync();

        Assert.Empty(await Store.ReadAsync("/,user:old", 0, 10));
        Assert.True(await Store.AddAsync("/,user:old", new byte[] { 2 }, Limits));
        Assert.Equal(2, Assert.Single(await Store.ReadAsync("/,user:old", last.Id, 10)).Content.Span[0]);
    }

    [Fact]
    public async Task Many_can_add_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.AddAsync("/,user:many", new byte[] { (byte)i }, Limits with { MaxMessages = 15 }).AsTask())));

        Assert.Equal(15, results.Count(isAdded => isAdded));
        Assert.Equal(15, (await Store.ReadAsync("/,user:many", 0, 100)).Select(message => message.Id).Distinct().Count());
    }
}
