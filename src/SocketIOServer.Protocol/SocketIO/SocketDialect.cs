namespace SocketIOServer.Protocol.SocketIO;

/// <summary>A Socket.IO revision: everything that differs between the revisions. Stateless. There is one instance for each revision.</summary>
internal abstract class SocketDialect
{
    // Names are repeated in replies and in logs. No page uses a longer one.
    protected const int MaxNameBytes = 256;

    public static readonly SocketDialect V4 = new SocketDialectV4();
    public static readonly SocketDialect V5 = new SocketDialectV5();

    /// <summary>Whether every client is in "/" from the start, without a CONNECT packet.</summary>
    public abstract bool JoinsRootOnOpen { get; }

    /// <summary>Whether a refused client gets data together with the message, and not instead of it.</summary>
    public abstract bool HasRefusalData { get; }

    /// <summary>Returns the form of the server's parser for these clients.</summary>
    public abstract PacketParser ParserFor(PacketParser server);

    /// <summary>Reads a CONNECT packet. Returns false if it is invalid; the connection is then closed with "parse error".</summary>
    public abstract bool TryReadConnect(in SocketPacket packet, out ConnectRequest request);

    /// <summary>Creates the reply to a client that was let in.</summary>
    /// <param name="parser">Writes the packet.</param>
    /// <param name="name">The namespace.</param>
    /// <param name="socketId">The id of the socket.</param>
    /// <param name="recoveryId">The secret with which the client recovers its session. Null: it cannot.</param>
    public abstract OutgoingMessage Connected(PacketParser parser, ReadOnlySpan<byte> name, string socketId, string? recoveryId);

    /// <summary>Creates the reply to a refused CONNECT. The message and the data are JSON. The data is empty if there is none.</summary>
    public abstract OutgoingMessage Refused(PacketParser parser, ReadOnlySpan<byte> name, ReadOnlySpan<byte> message, ReadOnlySpan<byte> data);

    /// <summary>Returns the id that the client uses for its socket.</summary>
    public abstract string SocketId(string @namespace, string sessionId, Func<string> newId);
}
