using System.Collections.Immutable;

namespace SocketIOServer.Redis;

/// <summary>A message of python-socketio's <c>PubSubManager</c>. What a method does not use is empty.</summary>
internal readonly record struct PythonMessage
{
    public required PythonMethod Method { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Who sent it, or, of a callback, whom it is for; null: python-socketio before 5.8 does not say it in every message.</summary>
    public string? HostId { get; init; }

    /// <summary>From a server of ours: the cluster on which it has sent the same; "" where it has none. Null: from another server.</summary>
    public string? Cluster { get; init; }

    /// <summary>The event as an array of its name and arguments, or the arguments of a callback as an array; with placeholders for the attachments.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get => field ?? []; init; }

    /// <summary>The receivers of an event; empty: everybody in the namespace.</summary>
    public ImmutableArray<string> Rooms { get => field.IsDefault ? [] : field; init; }

    /// <summary>Those that do not get it.</summary>
    public ImmutableArray<string> Skipped { get => field.IsDefault ? [] : field; init; }

    /// <summary>In an emit: the sender waits for the answers.</summary>
    public PythonCallback? Callback { get; init; }

    /// <summary>The socket that enters or leaves a room or is disconnected, or that has answered.</summary>
    public string? Sid { get; init; }

    public string? Room { get; init; }

    /// <summary>The number of a callback.</summary>
    public long Id { get; init; }
}
