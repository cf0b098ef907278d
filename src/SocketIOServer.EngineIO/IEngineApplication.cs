using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>What stands above Engine.IO.</summary>
internal interface IEngineApplication
{
    IEngineClient CreateClient(EngineSession session);
}

/// <summary>The upper side of one session.</summary>
internal interface IEngineClient
{
    /// <summary>The session is open and its open packet queued. Must not wait.</summary>
    void OnOpened();

    /// <summary>One message, in order, never two at a time. The data is borrowed until the call completes. Waiting holds the client back.</summary>
    ValueTask OnMessageAsync(EnginePacket message);

    /// <summary>Once, on any thread, perhaps in the middle of a send. Must not wait and must not run user code.</summary>
    void OnClosed(CloseReason reason);
}
