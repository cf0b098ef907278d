namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// A packet with its JSON checked but unread. Memory is borrowed until the call that was given the packet returns;
/// <see cref="ToOwned"/> makes a copy that may be kept. Attachments are never borrowed.
/// </summary>
internal readonly struct SocketPacket
{
    public const long NoId = -1;

    // 2^53 - 1: the largest integer that JavaScript gives back as it got it.
    public const long MaxId = 9_007_199_254_740_991;

    /// <summary>Connect, Disconnect, Event or Ack; the binary kinds are told by their attachments alone.</summary>
    public required SocketPacketType Type { get; init; }

    /// <summary>"/chat" as it came, in an old client's CONNECT with its query; empty for "/".</summary>
    public ReadOnlyMemory<byte> Namespace { get; init; }

    public long Id { get; init; }

    /// <summary>The argument array of an event (its name first) or an ack, the auth of a CONNECT; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The name of an event, unescaped.</summary>
    public ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>Where in the JSON the first argument, or what stands before it, begins.</summary>
    public int ArgumentsStart { get; init; }

    /// <summary>The binary arguments, in the order of their placeholders.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; init; }

    /// <summary>Bytes of the JSON and the attachments.</summary>
    public long Size
    {
        get
        {
            long size = Json.Length;
            for (var i = 0; i < Attachments.Count; i++) size += Attachments[i].Length;
            return size;
        }
    }

    public SocketPacket ToOwned()
    {
        var json = Json.ToArray();
        return new()
        {
            Type = Type,
            Namespace = Namespace.ToArray(),
            Id = Id,
            Json = json,
            // A part of the JSON, where it has no escapes: a name may be as long as the packet.
            Name = Json.Span.Overlaps(Name.Span, out var start) ? json.AsMemory(start, Name.Length) : Name.ToArray(),
            ArgumentsStart = ArgumentsStart,
            Attachments = Attachments,
        };
    }
}
