using SocketIOServer.Inboxes;
using SocketIOServer.Testing;

namespace SocketIOServer.Tests.Inboxes;

public sealed class InMemoryInboxStoreTests : InboxStoreContract, IDisposable
{
    private readonly FakeClock _time = new();
    private readonly InMemoryInboxStore _store;

    public InMemoryInboxStoreTests() => _store = new(10_000, _time);

    protected override IInboxStore Store => _store;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task All_inboxes_together_have_a_limit_and_nothing_stays_after_expiry()
    {
        var added = 0;
        for (var i = 0; i < 100; i++) added += await Store.AddAsync($"/,user:{i}", new byte[900], Limits) ? 1 : 0;

        // The last quarter is only for small inboxes.
        Assert.Equal((7, 7L), (added, _store.Count));
        Assert.InRange(_store.Bytes, 6300, 10_000);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((0L, 0L, 7L), (_store.Count, _store.Bytes, _store.Expired));
    }

    [Fact]
    public async Task Users_who_never_come_back_cannot_take_the_memory_of_all_others()
    {
        var log = new LogCollector();
        using var store = new InMemoryInboxStore(1_000_000, _time, log.CreateLogger("inboxes"));
        var limits = new InboxLimits(TimeSpan.FromMinutes(1), 10_000, 1_000_000);
        var kept = new int[20];
        for (var user = 0; user < kept.Length; user++)
        {
            while (await store.AddAsync($"/,user:away{user}", new byte[900], limits)) kept[user]++;
        }

        for (var user = 0; user < 200; user++) Assert.True(await store.AddAsync($"/,user:{user}", new byte[100], limits));
        Assert.InRange(store.Bytes, 750_000, 1_000_000);
        Assert.Equal((130, 20L), (Assert.Single(log.Lines).Id.Id, store.Crowded));
        // Nothing that was kept is gone.
        for (var user = 0; user < kept.Length; user++) Assert.Equal(kept[user], (await store.ReadAsync($"/,user:away{user}", 0, 10_000)).Count);
    }

    [Fact]
    public async Task Sessions_that_anybody_can_open_get_only_half_of_the_memory()
    {
        using var store = new InMemoryInboxStore(1_000_000, _time);
        var added = 0;
        for (var i = 0; i < 2000; i++) added += await store.AddAsync($"/,socket:{i}", new byte[1000], Limits) ? 1 : 0;

        Assert.InRange(store.Bytes, 490_000, 500_000);
        Assert.Equal(added, store.Count);
        for (var i = 0; i < 100; i++) Assert.True(await store.AddAsync($"/,user:{i}", new byte[1000], Limits));
        // There is room for sessions again.
        Assert.Single(store.Copy("/,socket:0"));
        store.RemoveCopied("/,socket:0");
        Assert.True(await store.AddAsync("/,socket:new", new byte[1000], Limits));
    }

    [Fact]
    public async Task What_is_added_after_a_copy_stays_or_is_taken_back_and_what_was_copied_goes()
    {
        using var store = new InMemoryInboxStore(1_000_000, _time);
        byte[][] messages = [[1], [2], [3]];
        await store.AddAsync("/,socket:1", messages[0], Limits);
        Assert.Single(store.Copy("/,socket:1"));
        await store.AddAsync("/,socket:1", messages[1], Limits);
        await store.AddAsync("/,socket:1", messages[2], Limits);

        Assert.False(store.TryWithdraw("/,socket:1", messages[0]));
        Assert.True(store.TryWithdraw("/,socket:1", messages[1]));
        Assert.False(store.TryWithdraw("/,socket:1", messages[1]));
        store.RemoveCopied("/,socket:1");
        Assert.Equal([3], Assert.Single(await store.ReadAsync("/,socket:1", 0, 10)).Content.ToArray());
        store.Clear("/,socket:1");
        Assert.Equal((0L, 0L), (store.Count, store.Bytes));
    }

    protected override Task WaitAsync()
    {
        _time.Advance(ShortAge * 2);
        return Task.CompletedTask;
    }
}
