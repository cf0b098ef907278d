namespace SocketIOServer;

/// <summary>A handler's exception, as OnError sees it. It is logged already.</summary>
/// <param name="Socket">Whose event it was.</param>
/// <param name="Event">The event, or the hook: OnConnecting, OnConnected, OnDisconnecting, OnDisconnected.</param>
/// <param name="Exception">What the handler threw.</param>
public sealed record EventError(ISocket Socket, string Event, Exception Exception);
