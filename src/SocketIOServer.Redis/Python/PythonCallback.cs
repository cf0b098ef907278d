namespace SocketIOServer.Redis;

/// <summary>Names the callback of an emit at its sender: <c>"callback": [sid, namespace, id]</c>.</summary>
/// <param name="Sid">What the event was addressed to; the callback is kept under it.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Id">The number of the callback.</param>
internal readonly record struct PythonCallback(string Sid, string Namespace, long Id);
