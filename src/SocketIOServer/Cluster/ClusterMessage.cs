using System.Collections.Immutable;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>One message between the servers of a cluster, in no wire's form. What a type does not use is empty.</summary>
internal readonly record struct ClusterMessage
{
    /// <summary>The sender of an answer that does not say who it is from, as those of Node's classic adapter do not.</summary>
    public const string Anonymous = "";

    /// <summary>The sender of what programs without clients publish with Node's emitters.</summary>
    public const string Emitter = "emitter";

    public required ClusterMessageType Type { get; init; }

    /// <summary>The sending server's id in the namespace. Node's servers have another one in each namespace, ours has one. The adapter sets it when it sends.</summary>
    public string Sender { get => field ?? Anonymous; init; }

    /// <summary>Null where the channel alone says it.</summary>
    public string? Namespace { get; init; }

    /// <summary>Names a question, in it and in its answers.</summary>
    public string? RequestId { get; init; }

    /// <summary>In an answer: whom it is for.</summary>
    public string? Receiver { get; init; }

    public Target Target { get; init; }

    /// <summary>How long the acks of a broadcast are waited for, as Node says it; null: it does not.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>An event as an array of its name and arguments, or, in an answer, one value; with placeholders for the attachments.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get => field ?? []; init; }

    /// <summary>The rooms to join or to leave, or those that there are; with <see cref="ClusterMessageType.AckCount"/>, the ids of the sockets that were asked.</summary>
    public ImmutableArray<string> Rooms { get => field.IsDefault ? [] : field; init; }

    /// <summary>A disconnect ends the whole connections.</summary>
    public bool Close { get; init; }

    public int Count { get; init; }

    /// <summary>
    /// In a <see cref="ClusterMessageType.Fetch"/>: what our servers answer instead, the count or the rooms of the sockets. Node's servers do not know the key and describe
    /// the sockets. 0: nothing else.
    /// </summary>
    public ClusterMessageType Instead { get; init; }

    public IReadOnlyList<SocketSnapshot> Sockets { get => field ?? []; init; }

    /// <summary>Counts the messages of a sender in a namespace from 1 on, so that a receiver sees what it has lost; 0: not numbered, such as those of Node's servers.</summary>
    public long Number { get; init; }

    /// <summary>The socket that an ack is from; null: the server does not say it, as Node's do not.</summary>
    public string? SocketId { get; init; }

    /// <summary>The id of the answering node; null from Node's servers.</summary>
    public string? NodeId { get; init; }
}
