using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>The layer above Engine.IO.</summary>
internal interface IEngineApplication
{
    IEngineClient CreateClient(EngineSession session);
}

/// <summary>The client of one session in the layer above.</summary>
internal interface IEngineClient
{
    /// <summary>Called when the session is open and its open packet is queued. Must not wait.</summary>
    void OnOpened();

    /// <summary>
    /// Handles one message. Messages arrive in order, never two at a time. The data is valid until the call completes. While the call waits, no further message
    /// of this client is read.
    /// </summary>
    ValueTask OnMessageAsync(EnginePacket message);

    /// <summary>Called once, on any thread, possibly in the middle of a send. Must not wait and must not run user code.</summary>
    void OnClosed(CloseReason reason);
}
