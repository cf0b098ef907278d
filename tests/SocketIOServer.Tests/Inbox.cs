using System.Threading.Channels;

namespace SocketIOServer.Tests;

/// <summary>What handlers hand to a test, in order: the test waits for it instead of sleeping.</summary>
internal sealed class Inbox<T>
{
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>();

    public bool IsEmpty => !_items.Reader.TryPeek(out _);

    public void Add(T item) => _items.Writer.TryWrite(item);

    public async Task<T> NextAsync()
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        return await _items.Reader.ReadAsync(patience.Token);
    }

    public async Task<T[]> NextAsync(int count)
    {
        var items = new T[count];
        for (var i = 0; i < count; i++) items[i] = await NextAsync();
        return items;
    }
}
