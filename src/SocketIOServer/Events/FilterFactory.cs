namespace SocketIOServer.Events;

/// <summary>Gives a filter for one event from the services of its scope.</summary>
internal delegate IEventFilter FilterFactory(IServiceProvider services);
