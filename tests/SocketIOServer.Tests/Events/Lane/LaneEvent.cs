namespace SocketIOServer.Tests.Events.Lane;

/// <param name="Name">Its number, or "last".</param>
/// <param name="Bytes">What it counts for.</param>
/// <param name="Waits">Its handler does not end before it is told to.</param>
internal sealed record LaneEvent(string Name, long Bytes, bool Waits);
