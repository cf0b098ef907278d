namespace SocketIOServer.Redis;

/// <summary>A list or a tuple of a pickle. It may contain itself.</summary>
internal sealed record PickledList(List<object?> Items, bool IsTuple);
