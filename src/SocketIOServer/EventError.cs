namespace SocketIOServer;

/// <summary>An exception of a handler or a hook, as OnError gets it. It has been logged.</summary>
/// <param name="Socket">The socket whose event or hook it was.</param>
/// <param name="Event">The name of the event, or of the hook: OnConnecting, OnConnected, OnDisconnecting, OnDisconnected.</param>
/// <param name="Exception">The exception.</param>
public sealed record EventError(ISocket Socket, string Event, Exception Exception);
