namespace SocketIOServer.Cluster;

/// <summary>Names the channel of a namespace. The name of the namespace that was asked about last is kept, because most programs emit to one. Any thread.</summary>
internal sealed class LatestChannel(string before)
{
    private Entry? _latest;

    /// <summary>What is before, the namespace and "#".</summary>
    public string Of(string @namespace)
    {
        if (_latest is { } latest && ReferenceEquals(latest.Namespace, @namespace)) return latest.Channel;
        var channel = $"{before}{@namespace}#";
        _latest = new(@namespace, channel);
        return channel;
    }

    private sealed record Entry(string Namespace, string Channel);
}
