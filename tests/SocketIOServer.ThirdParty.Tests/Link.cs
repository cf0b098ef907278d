using System.Threading.Channels;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>The bus: a queue of bytes for each server and namespace, with one reader, so messages of one sender stay in order.</summary>
internal sealed class Link
{
    private readonly Lock _gate = new();
    private readonly List<(string Namespace, string Server, Channel<byte[]> Queue)> _ends = [];

    /// <summary>Servers that do not get what is published, as if they hung.</summary>
    public HashSet<string> Deaf { get; } = [];

    public void Subscribe(string @namespace, string server, Func<byte[], ValueTask> handle)
    {
        var queue = Channel.CreateUnbounded<byte[]>();
        lock (_gate) _ends.Add((@namespace, server, queue));
        _ = ReadAsync(queue.Reader, handle);
    }

    public void Unsubscribe(string @namespace, string server)
    {
        lock (_gate)
        {
            foreach (var end in _ends.Where(end => end.Namespace == @namespace && end.Server == server)) end.Queue.Writer.TryComplete();
            _ends.RemoveAll(end => end.Namespace == @namespace && end.Server == server);
        }
    }

    /// <summary>The other servers that have this namespace.</summary>
    public string[] Others(string @namespace, string server)
    {
        lock (_gate) return [.. _ends.Where(end => end.Namespace == @namespace && end.Server != server).Select(end => end.Server)];
    }

    public void Publish(string @namespace, string from, byte[] message)
    {
        lock (_gate)
        {
            foreach (var (name, server, queue) in _ends)
            {
                if (name == @namespace && server != from && !Deaf.Contains(server)) queue.Writer.TryWrite(message);
            }
        }
    }

    private static async Task ReadAsync(ChannelReader<byte[]> queue, Func<byte[], ValueTask> handle)
    {
        await foreach (var message in queue.ReadAllAsync()) await handle(message);
    }
}
