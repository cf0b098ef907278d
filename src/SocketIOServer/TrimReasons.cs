namespace SocketIOServer;

/// <summary>The reasons given to the trimmer.</summary>
internal static class TrimReasons
{
    public const string Handlers = "Handlers are bound by reflection over their parameters.";
}
