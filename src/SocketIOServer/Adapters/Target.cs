using System.Collections.Immutable;

namespace SocketIOServer.Adapters;

/// <summary>
/// The receivers of a broadcast, or the sockets that a call acts on, and how an event is sent to them. A socket's id is a room with that one socket in it.
/// A socket that is in several of the rooms is a receiver once.
/// </summary>
public readonly record struct Target
{
    /// <summary>Every socket of the namespace.</summary>
    public static Target Everyone => default;

    /// <summary>Only sockets that are in at least one of these rooms. Empty: every socket of the namespace.</summary>
    public ImmutableArray<string> Rooms { get => field.IsDefault ? [] : field; init; }

    /// <summary>Without the sockets that are in one of these rooms.</summary>
    public ImmutableArray<string> Except { get => field.IsDefault ? [] : field; init; }

    /// <summary>The event is dropped for a socket whose transport cannot send it at once. Default false.</summary>
    public bool IsVolatile { get; init; }

    /// <summary>The event is sent uncompressed even where the transport compresses. Default false.</summary>
    public bool IsUncompressed { get; init; }

    /// <summary>Only sockets of this process: an adapter that spans processes does not ask or tell the others. Default false.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The same target with further rooms.</summary>
    public Target To(params ReadOnlySpan<string> rooms) => this with { Rooms = [.. Rooms, .. rooms] };

    /// <summary>The same target without the sockets of further rooms.</summary>
    public Target Without(params ReadOnlySpan<string> rooms) => this with { Except = [.. Except, .. rooms] };
}
