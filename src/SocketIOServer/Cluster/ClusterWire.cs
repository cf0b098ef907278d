using System.Text.Unicode;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// How messages between servers are written, and which channels of the bus they travel on. Every difference between the adapters of Node's servers is in
/// the classes that derive from it. All servers of a cluster must have the same. Stateless; any thread.
/// </summary>
public abstract class ClusterWire
{
    private protected ClusterWire(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        Prefix = prefix;
    }

    /// <summary>What the names of all channels begin with. Clusters with different prefixes can share one engine.</summary>
    public string Prefix { get; }

    /// <summary>Names the form, so that servers that cannot understand each other find it out.</summary>
    internal abstract string Form { get; }

    /// <summary>The channel on which our own servers tell each other that they are there. Node's servers do not listen to it.</summary>
    internal string NodesChannel => Prefix + "-nodes#";

    /// <summary>The channel on which our servers answer emitters that ask who is there.</summary>
    internal string EmittersChannel => Prefix + "-nodes#emitters";

    /// <summary>True: every server of a namespace gets all numbered messages, so a number that is missing was lost.</summary>
    internal abstract bool HearsAll { get; }

    /// <summary>True: servers tell each other in each namespace that they are there, as Node's ClusterAdapterWithHeartbeat does. See <see cref="Heartbeats"/>.</summary>
    internal virtual bool HasHeartbeats => false;

    /// <summary>False: no channel can have the name of this namespace, so it is on this server alone.</summary>
    internal virtual bool CanCarry(string @namespace) => true;

    /// <summary>A new id of a sender or a question.</summary>
    internal abstract string NewId();

    /// <summary>What a server listens to as long as it has the namespace in use.</summary>
    internal abstract IReadOnlyList<BusChannel> ChannelsOf(string @namespace);

    /// <summary>What answers to a server's questions come on. Some may be among <see cref="ChannelsOf"/>.</summary>
    internal abstract IReadOnlyList<BusChannel> AnswerChannels(string @namespace, string sender);

    /// <summary>The channel to listen to while a room has a member here; null: the room has none of its own.</summary>
    internal abstract BusChannel? RoomChannel(string @namespace, string room, bool isSocketId);

    /// <summary>The channel whose subscribers are the servers that have the namespace in use.</summary>
    internal abstract string CountChannel(string @namespace);

    /// <summary>Where a message is published.</summary>
    internal abstract string ChannelOf(string @namespace, in ClusterMessage message);

    /// <summary>The bytes to publish.</summary>
    internal abstract byte[] Write(string @namespace, in ClusterMessage message, PacketEncoder encoder);

    /// <summary>
    /// Reads what another server has published. False: it is not well formed, it has more than the limits allow, or a value has another type than it must
    /// have. Never throws.
    /// </summary>
    internal abstract bool TryRead(string channel, ReadOnlySpan<byte> bytes, WireLimits limits, PacketEncoder encoder, out ClusterMessage message);

    /// <summary>Whether a message is appended to the log of the cluster and not published.</summary>
    internal virtual bool IsLogged(in ClusterMessage message) => false;

    /// <summary>The data of a log entry.</summary>
    internal virtual byte[] WriteLogged(in ClusterMessage message, PacketEncoder encoder) => throw new NotSupportedException("This form of messages has no log.");

    /// <summary>Reads an entry of another server, as <see cref="TryRead"/> does.</summary>
    internal virtual bool TryReadLogged(LogEntry entry, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        return false;
    }

    /// <summary>A message as MessagePack, with its attachments in the places of their placeholders.</summary>
    private protected static byte[] Pack(ByteScratch json, in ClusterMessage message)
    {
        using var packed = ByteScratch.Take();
        new MessagePackTranscoder(message.Attachments.Count == 0 ? [] : [.. message.Attachments.Select(BinaryArrayConverter.ToArray)], packed).WriteJson(json.Written);
        return packed.Written.ToArray();
    }

    /// <summary>Takes what <see cref="TryUnpack"/> needs for a message; null: the message is JSON. In MessagePack its first byte is the number 123, which is no message.</summary>
    private protected static ByteScratch? TakeScratch(ReadOnlySpan<byte> bytes) => bytes is [(byte)'{', ..] ? null : ByteScratch.Take();

    /// <summary>Finds the JSON of a message that is JSON or MessagePack.</summary>
    /// <param name="bytes">The message.</param>
    /// <param name="limits">What it may have.</param>
    /// <param name="unpacked">From <see cref="TakeScratch"/>. Holds the JSON of a message that is MessagePack.</param>
    /// <param name="json">The JSON.</param>
    /// <param name="attachments">The binary of the message.</param>
    private protected static bool TryUnpack(
        ReadOnlySpan<byte> bytes, WireLimits limits, ByteScratch? unpacked, out ReadOnlySpan<byte> json, out IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        json = bytes;
        attachments = [];
        if (bytes.IsEmpty || bytes.Length > limits.Bytes) return false;
        if (unpacked is null) return Utf8.IsValid(bytes);
        var transcoder = new JsonTranscoder(new(bytes), new(limits.Attachments, limits.Bytes, limits.Depth + JsonMessageReader.Envelope), unpacked);
        if (!transcoder.TryWrite() || !transcoder.IsAtEnd) return false;
        json = unpacked.Written;
        attachments = transcoder.Attachments ?? [];
        return true;
    }
}
