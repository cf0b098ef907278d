using System.Collections.Concurrent;
using System.Text;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres.Tests;

/// <summary>What came on channels of a bus, as text.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentQueue<string> _messages = new();

    public int Count => _messages.Count;

    public string[] Messages => [.. _messages];

    public static async Task<Inbox> OpenAsync(IClusterBus bus, params string[] channels)
    {
        var inbox = new Inbox();
        foreach (var channel in channels)
        {
            var subscription = bus.Subscribe(new(channel), (_, message) => inbox._messages.Enqueue(Encoding.UTF8.GetString(message)));
            await subscription.Ready.WaitAsync(TestHost.Patience);
        }

        return inbox;
    }

    public Task HasAsync(int count) => Eventually.TrueAsync(() => Count == count, () => $"{Count} messages came, not {count}");
}
