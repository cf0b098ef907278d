namespace SocketIOServer.Interop.Programs;

/// <summary>What the pages of the seeds send: { data: "..." }.</summary>
internal sealed record Text(string Data);
