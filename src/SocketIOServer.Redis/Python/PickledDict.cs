namespace SocketIOServer.Redis;

/// <summary>A dict of a pickle. It may contain itself.</summary>
internal sealed record PickledDict(List<(object? Key, object? Value)> Items);
