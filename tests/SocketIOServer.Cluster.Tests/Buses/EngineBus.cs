using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SocketIOServer.Cluster.Tests.Buses;

/// <summary>The bus of an <see cref="Engine"/>: nothing but the engine's calls, as a bus of a third party has them.</summary>
internal sealed class EngineBus(Engine engine, TimeProvider time, ClusterBusOptions? options = null, ILogger? logger = null)
    : ClusterBus("engine", $"probe-{Guid.NewGuid()}", options ?? new(), time, logger ?? NullLogger.Instance)
{
    private readonly Lock _gate = new();
    private readonly HashSet<BusChannel> _subscribed = [];

    /// <summary>What the bus has told the engine, in order: "+room", "-room", "a*" for a prefix; without the probe's channel.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Held up until it is set.</summary>
    public TaskCompletionSource? Sending { get; set; }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public void Take(BusMessage message)
    {
        bool isMine;
        lock (_gate) isMine = _subscribed.Any(channel => channel.Matches(message.Channel));
        if (isMine) Receive(message.Channel, message.Body.Span);
    }

    public void Lose() => OnConnectionLost(new IOException("cut"));

    public override ValueTask<int> CountAsync(string channel, CancellationToken cancel) => new(-1);

    protected override async Task ConnectAsync(CancellationToken cancel)
    {
        if (engine.Connecting is { } connecting)
        {
            engine.Attempts++;
            try
            {
                await connecting.Task.WaitAsync(cancel);
            }
            finally
            {
                engine.Attempts--;
            }
        }

        engine.Connect(this);
    }

    protected override Task DisconnectAsync()
    {
        engine.Disconnect(this, isConnecting: engine.Attempts > 0);
        lock (_gate) _subscribed.Clear();
        return Task.CompletedTask;
    }

    protected override async Task SendAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancel)
    {
        if (Sending is { } sending) await sending.Task.WaitAsync(cancel);
        foreach (var message in messages) engine.Publish(message);
    }

    protected override async Task SubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        if (engine.KeepsSubscribersWaiting) await Task.Delay(Timeout.Infinite, cancel);
        Tell(channels, "+");
        lock (_gate) _subscribed.UnionWith(channels);
    }

    protected override Task UnsubscribeAsync(IReadOnlyList<BusChannel> channels, CancellationToken cancel)
    {
        Tell(channels, "-");
        lock (_gate) _subscribed.ExceptWith(channels);
        return Task.CompletedTask;
    }

    private void Tell(IReadOnlyList<BusChannel> channels, string what)
    {
        lock (_gate) Told.AddRange(channels.Where(channel => !channel.Name.StartsWith("probe-", StringComparison.Ordinal)).Select(channel => what + channel.Name + (channel.IsPrefix ? "*" : "")));
    }
}
