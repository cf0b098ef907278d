namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Every difference between the Socket.IO revisions. Stateless; one instance a revision.</summary>
internal abstract class SocketDialect
{
    // Names are echoed in replies and in logs; what is longer comes from no page.
    protected const int MaxNameBytes = 256;

    public static readonly SocketDialect V4 = new SocketDialectV4();
    public static readonly SocketDialect V5 = new SocketDialectV5();

    /// <summary>Every client is in "/" from the start and does not ask for it.</summary>
    public abstract bool JoinsRootOnOpen { get; }

    /// <summary>A refused client is told data beside the message, and not in its place.</summary>
    public abstract bool HasRefusalData { get; }

    /// <summary>How these clients speak the server's parser.</summary>
    public abstract PacketParser ParserFor(PacketParser server);

    /// <summary>False: close with "parse error".</summary>
    public abstract bool TryReadConnect(in SocketPacket packet, out ConnectRequest request);

    /// <summary>The reply that says a socket is in.</summary>
    public abstract OutgoingMessage Connected(PacketParser parser, ReadOnlySpan<byte> name, string socketId);

    /// <summary>The reply to a refused CONNECT: message and data are JSON, the data empty when there is none.</summary>
    public abstract OutgoingMessage Refused(PacketParser parser, ReadOnlySpan<byte> name, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data);

    /// <summary>The id that the client will know its socket by.</summary>
    public abstract string SocketId(string @namespace, string sessionId, Func<string> newId);
}
