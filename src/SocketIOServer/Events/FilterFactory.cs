namespace SocketIOServer.Events;

/// <summary>Gives a filter for one event.</summary>
internal delegate IEventFilter FilterFactory(EventCall call);
