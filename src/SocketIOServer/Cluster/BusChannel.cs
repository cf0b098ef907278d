namespace SocketIOServer.Cluster;

/// <summary>One channel of a bus, or all channels whose names begin alike.</summary>
/// <param name="Name">The name of the channel, or what the names begin with. Any characters: a bus escapes those that its engine reads as wildcards.</param>
/// <param name="IsPrefix">True: every channel whose name begins with <paramref name="Name"/>. Messages of all these channels arrive in one order.</param>
public readonly record struct BusChannel(string Name, bool IsPrefix = false)
{
    /// <summary>True when a message that was published to a channel is for this subscription.</summary>
    /// <param name="channel">The channel that the message was published to.</param>
    public bool Matches(string channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return IsPrefix ? channel.StartsWith(Name, StringComparison.Ordinal) : channel == Name;
    }
}
