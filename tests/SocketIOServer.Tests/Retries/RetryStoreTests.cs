using SocketIOServer.Retries;
using SocketIOServer.Testing;

namespace SocketIOServer.Tests.Retries;

/// <summary>What is kept of handled events stays within its limits.</summary>
public sealed class RetryStoreTests
{
    private readonly FakeClock _time = new();
    private readonly RetryDeduplicationOptions _options = new();

    [Fact]
    public void Keys_of_sockets_make_room_before_those_of_users()
    {
        _options.MaxKeys = 10;
        using var store = new RetryStore(_options, _time);
        Handle(store, User("ada"), "k");
        for (var i = 0; i < 100; i++) Handle(store, new("/", false, $"socket{i}"), "k");

        Assert.Equal(10, store.Count);
        Assert.True(IsKnown(store, User("ada"), "k"));
        Assert.True(IsKnown(store, new("/", false, "socket99"), "k"));
        Assert.False(IsKnown(store, new("/", false, "socket90"), "k"));
    }

    [Fact]
    public void Neither_a_user_nor_all_together_keep_more_bytes_than_allowed()
    {
        (_options.MaxBytesPerUser, _options.MaxBytes) = (10_000, 25_000);
        using var store = new RetryStore(_options, _time);

        for (var i = 0; i < 100; i++) Handle(store, User("ada"), $"k{i}", 1000);
        Assert.InRange(store.Bytes, 8000, 10_000);
        var before = (store.Count, store.Bytes);
        Handle(store, User("ada"), "large", 20_000);
        Assert.Equal(before, (store.Count, store.Bytes));
        for (var i = 0; i < 100; i++) Handle(store, User($"user{i}"), "k", 1000);
        Assert.InRange(store.Bytes, 20_000, 25_000);
    }

    [Fact]
    public void Everything_is_dropped_after_the_window_and_when_the_socket_has_left()
    {
        using var store = new RetryStore(_options, _time);
        Handle(store, User("ada"), "k");
        Handle(store, new("/", false, "socket"), "k");
        store.Forget(new("/", false, "socket"));
        Assert.Equal(1, store.Count);

        _time.Advance(_options.Window - TimeSpan.FromSeconds(1));
        Assert.True(IsKnown(store, User("ada"), "k"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0), (store.Count, store.Bytes));
    }

    private static RetryOwner User(string id) => new("/", true, id);

    private static void Handle(RetryStore store, RetryOwner owner, string key, int bytes = 0)
    {
        var first = store.Begin(owner, new("order", 0, key), out var isFirst);
        Assert.True(isFirst);
        store.End(first, new(new byte[bytes], []));
    }

    private static bool IsKnown(RetryStore store, RetryOwner owner, string key)
    {
        var found = store.Begin(owner, new("order", 0, key), out var isFirst);
        if (isFirst) store.End(found, null);
        return !isFirst;
    }
}
