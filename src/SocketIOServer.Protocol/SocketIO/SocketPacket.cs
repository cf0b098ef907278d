namespace SocketIOServer;

/// <summary>
/// A packet of a client, checked by <see cref="PacketDecoder.TryCreate"/>: its JSON is well-formed but unread. Memory is borrowed and valid until the next message of the
/// client; attachments may be kept.
/// </summary>
public readonly struct SocketPacket
{
    /// <summary>The id of a packet that asks for no ack.</summary>
    public const long NoId = -1;

    /// <summary>The largest id: 2^53 - 1, the largest integer that JavaScript returns as it received it.</summary>
    public const long MaxId = 9_007_199_254_740_991;

    /// <summary>Connect, Disconnect, Event, Ack or ConnectError. Packets with attachments have no types of their own here.</summary>
    public SocketPacketType Type { get; internal init; }

    /// <summary>The name of the namespace in UTF-8, in an old client's CONNECT with its query; empty for "/".</summary>
    public ReadOnlyMemory<byte> Namespace { get; internal init; }

    /// <summary>The ack id, or <see cref="NoId"/>.</summary>
    public long Id { get; internal init; }

    /// <summary>The argument array of an event (its name first) or an ack, or the auth of a CONNECT, in UTF-8; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; internal init; }

    /// <summary>The binary arguments, in the order of their placeholders.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; internal init; }

    /// <summary>The name of an event, unescaped.</summary>
    internal ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>The position in the JSON at which the first argument begins, or the comma or bracket before it.</summary>
    internal int ArgumentsStart { get; init; }

    /// <summary>The size of the JSON and the attachments in bytes.</summary>
    internal long Size
    {
        get
        {
            long size = Json.Length;
            for (var i = 0; i < Attachments.Count; i++) size += Attachments[i].Length;
            return size;
        }
    }

    /// <summary>Returns the same packet with its attachments.</summary>
    internal SocketPacket With(IReadOnlyList<ReadOnlyMemory<byte>> attachments) => new()
    {
        Type = Type,
        Namespace = Namespace,
        Id = Id,
        Json = Json,
        Name = Name,
        ArgumentsStart = ArgumentsStart,
        Attachments = attachments,
    };

    /// <summary>Returns a copy that can be kept.</summary>
    internal SocketPacket ToOwned()
    {
        var json = Json.ToArray();
        return new()
        {
            Type = Type,
            Namespace = Namespace.ToArray(),
            Id = Id,
            Json = json,
            // The name is a part of the JSON if it has no escapes, because a name can be as long as the packet.
            Name = Json.Span.Overlaps(Name.Span, out var start) ? json.AsMemory(start, Name.Length) : Name.ToArray(),
            ArgumentsStart = ArgumentsStart,
            Attachments = Attachments,
        };
    }
}
