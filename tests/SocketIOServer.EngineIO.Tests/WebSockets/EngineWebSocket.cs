namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>Opens raw WebSockets of the host of these tests.</summary>
internal static class EngineWebSocket
{
    /// <summary>Of a new session.</summary>
    public const string Target = $"{EngineHost.Path}?EIO=4&transport=websocket";

    /// <summary>A session's WebSocket with its open packet read.</summary>
    public static Task<RawWebSocket> OpenAsync(EngineHost host, string headers = "") => RawWebSocket.OpenAsync(host.Web, Target, headers);

    /// <summary>A WebSocket with nothing read.</summary>
    public static Task<RawConnection> UpgradeAsync(EngineHost host, string target = Target, string headers = "") =>
        RawWebSocket.UpgradeAsync(host.Web, target, headers);
}
