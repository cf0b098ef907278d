namespace SocketIOServer;

/// <summary>How the bytes of a connection travel.</summary>
public enum TransportKind
{
    /// <summary>HTTP long-polling, by XMLHttpRequest or (where <see cref="EngineOptions.AllowJsonp"/> is on) by JSONP.</summary>
    Polling,

    /// <summary>WebSocket, over HTTP/1.1 or HTTP/2.</summary>
    WebSocket,
}
