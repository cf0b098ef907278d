namespace SocketIOServer.Soak;

/// <summary>What all scenarios share.</summary>
internal static class Limits
{
    /// <summary>How long anything may take that must come; only a failure takes so long.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);
}
