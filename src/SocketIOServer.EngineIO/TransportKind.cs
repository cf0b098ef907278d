namespace SocketIOServer;

/// <summary>The transport of a connection.</summary>
public enum TransportKind
{
    /// <summary>HTTP long-polling, with XMLHttpRequest or fetch, or with JSONP if <see cref="EngineOptions.AllowJsonp"/> is true.</summary>
    Polling,

    /// <summary>WebSocket, over HTTP/1.1 or HTTP/2.</summary>
    WebSocket,
}
