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
        for (var i = 0; i < 100; i++) added += await Store.AddAsync($"/ user:{i}", new byte[900], Limits) ? 1 : 0;

        Assert.Equal((9, 9L), (added, _store.Count));
        Assert.InRange(_store.Bytes, 8100, 10_000);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((0L, 0L, 9L), (_store.Count, _store.Bytes, _store.Expired));
    }

    protected override Task WaitAsync()
    {
        _time.Advance(ShortAge * 2);
        return Task.CompletedTask;
    }
}
