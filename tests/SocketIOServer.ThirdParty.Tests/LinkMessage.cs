using System.Text.Json;
using SocketIOServer.Adapters;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>One message between servers. It travels as bytes, so nothing of it is shared.</summary>
internal sealed record LinkMessage
{
    public required string From { get; init; }

    public required LinkMessageKind Kind { get; init; }

    /// <summary>The question that is asked or answered.</summary>
    public int Id { get; init; }

    /// <summary>The server that asked.</summary>
    public string? To { get; init; }

    public string[] Rooms { get; init; } = [];

    public string[] Except { get; init; } = [];

    public bool IsVolatile { get; init; }

    public bool IsUncompressed { get; init; }

    /// <summary>An event or the arguments of an ack.</summary>
    public byte[] Json { get; init; } = [];

    public byte[][] Attachments { get; init; } = [];

    /// <summary>Rooms to join or leave, and what rooms there are.</summary>
    public string[] Names { get; init; } = [];

    public string? SocketId { get; init; }

    public bool Close { get; init; }

    public int Count { get; init; }

    public TimeSpan Timeout { get; init; }

    public SocketSnapshot[] Sockets { get; init; } = [];

    public Target Target => new() { Rooms = [.. Rooms], Except = [.. Except], IsVolatile = IsVolatile, IsUncompressed = IsUncompressed };

    public static LinkMessage For(Target target, string from, LinkMessageKind kind) => new()
    {
        From = from,
        Kind = kind,
        Rooms = [.. target.Rooms],
        Except = [.. target.Except],
        IsVolatile = target.IsVolatile,
        IsUncompressed = target.IsUncompressed,
    };

    public static LinkMessage Read(byte[] bytes) => JsonSerializer.Deserialize<LinkMessage>(bytes)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);
}

internal enum LinkMessageKind
{
    Broadcast,
    Join,
    Leave,
    Disconnect,
    Fetch,
    Count,
    Rooms,
    Call,

    /// <summary>The answer to Fetch, Count or Rooms; of a Call, that all sockets were asked.</summary>
    Done,

    /// <summary>Of a Call: a socket was asked, has answered, or has left.</summary>
    Asked,
    Answered,
    Left,
}
