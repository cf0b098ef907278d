namespace SocketIOServer.EngineIO.Tests.Models;

/// <summary>What happens next to a session that may upgrade. A step that makes no sense where it comes does nothing.</summary>
public enum UpgradeStep
{
    /// <summary>The server sends a message.</summary>
    Send,

    /// <summary>The client begins a poll, unless one is on its way.</summary>
    Poll,

    /// <summary>The client posts a message.</summary>
    Post,

    /// <summary>The client opens a WebSocket, says 2probe and waits for the answer.</summary>
    Probe,

    /// <summary>The WebSocket breaks off before the upgrade.</summary>
    Lose,

    /// <summary>The client lets its poll end and says 5.</summary>
    Five,

    /// <summary>The client sends a message on the WebSocket.</summary>
    Write,

    /// <summary>The server closes the session.</summary>
    Close,
}
