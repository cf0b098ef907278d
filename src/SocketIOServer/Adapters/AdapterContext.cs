using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Adapters;

/// <summary>The namespace that an adapter is made for, and what the adapter can use of its server.</summary>
public sealed class AdapterContext
{
    // The program's own events may be nested as deeply as SocketServerOptions.Json allows at most.
    private const int MaxDepth = 1000;

    private readonly byte[] _utf8Name;

    internal AdapterContext(string name, byte[] utf8Name, PacketEncoder encoder, PacketParser parser, BroadcastBackpressure backpressure, IServiceProvider services, ILogger logger, TimeProvider time, IRoomObserver? rooms)
    {
        Namespace = name;
        _utf8Name = utf8Name;
        Encoder = encoder;
        Parser = parser;
        Backpressure = backpressure;
        Services = services;
        Logger = logger;
        Time = time;
        Rooms = rooms;
    }

    /// <summary>The name of the namespace, "/" for the default one.</summary>
    public string Namespace { get; }

    /// <summary>The services of the application.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The log of the server.</summary>
    public ILogger Logger { get; }

    /// <summary>The clock of the server. Use it for timeouts, so that tests can move the clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Told of every local broadcast.</summary>
    internal BroadcastBackpressure Backpressure { get; }

    internal PacketEncoder Encoder { get; }

    internal PacketParser Parser { get; }

    internal ReadOnlySpan<byte> Utf8Name => _utf8Name;

    /// <summary>The program has declared the namespace; false: a client has named it.</summary>
    internal bool IsDeclared { get; init; }

    /// <summary>Null: there is nobody for the events of other servers.</summary>
    internal IClusterEvents? ClusterEvents { get; init; }

    /// <summary>Keeps the events for clients that come back. Null: they cannot get their sessions back.</summary>
    internal EventLog? Log { get; init; }

    /// <summary>Null: clients cannot get their sessions back.</summary>
    internal IAwayMembers? Away { get; set; }

    /// <summary>
    /// Whether <see cref="Log"/> is in the order of the cluster's log. Not with a bridge: what it brings is not in that log.
    /// </summary>
    internal bool SharesLog { get; init; }

    /// <summary>Keeps the latest events of rooms for sockets that join later. Null: none are kept. Set before the first client comes.</summary>
    internal NamespaceHistory? History { get; set; }

    /// <summary>Null: nobody observes the rooms.</summary>
    internal IRoomObserver? Rooms { get; }

    /// <summary>Makes an event from what another process sent; see <see cref="EncodedEvent.Read"/>. Both arguments are copied.</summary>
    /// <param name="json">An array of the event's name and its arguments, in UTF-8.</param>
    /// <param name="attachments">The binary arguments, by the numbers of their placeholders.</param>
    /// <param name="event">The event.</param>
    /// <returns>False when the JSON is not well-formed, is not an event, or names an attachment that is not there.</returns>
    public bool TryEncode(ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, out EncodedEvent @event)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        @event = default;
        if (!Utf8.IsValid(json.Span)) return false;
        json = Surrogates.Repair(json);
        if (!JsonCheck.TryReadEvent(json, MaxDepth, out _, out _)) return false;
        if (!Placeholders.TryCount(json.Span, attachments.Count == 0 ? [] : new int[attachments.Count], MaxDepth)) return false;
        byte[][] copies = attachments.Count == 0 ? [] : [.. attachments.Select(static attachment => attachment.ToArray())];
        @event = new(Parser.Write(SocketPacketType.Event, Utf8Name, SocketPacket.NoId, json.Span, copies), this);
        return true;
    }
}
