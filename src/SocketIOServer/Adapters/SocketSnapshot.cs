using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace SocketIOServer.Adapters;

/// <summary>A socket at the moment when an adapter was asked for it; it may belong to another process.</summary>
public sealed record SocketSnapshot
{
    /// <summary>The id, which is also the name of a room that only this socket is in.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the user; null where the socket has none.</summary>
    public string? UserId { get; init; }

    /// <summary>The rooms that the socket is in, its own id among them.</summary>
    public required IReadOnlyCollection<string> Rooms { get; init; }

    /// <summary>The id of the server that the socket is connected to, in a cluster; null where there is none, or where that server does not say it.</summary>
    public string? NodeId { get; init; }

    /// <summary>The values that the program keeps with the socket. An adapter that spans processes makes a <see cref="SocketData"/> of those that it can send.</summary>
    [AllowNull, JsonIgnore]
    public ReadOnlySocketData Data { get => field ??= new SocketData(); init; }

    /// <summary>What the client sent when it connected. An adapter that spans processes makes one of the values that it sends.</summary>
    [AllowNull, JsonIgnore]
    public Handshake Handshake { get => field ??= new(); init; }
}
