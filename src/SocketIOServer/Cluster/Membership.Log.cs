using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

internal sealed partial class Membership
{
    [LoggerMessage(46, LogLevel.Information, "The server {Name} ({Id}) is in the cluster.")]
    private static partial void LogJoined(ILogger logger, string name, string id);

    [LoggerMessage(47, LogLevel.Information, "The server {Name} ({Id}) has left the cluster.")]
    private static partial void LogLeft(ILogger logger, string name, string id);

    [LoggerMessage(48, LogLevel.Warning, "The server {Name} ({Id}) of the cluster has been silent for {Seconds} s and counts as gone.")]
    private static partial void LogDead(ILogger logger, string name, string id, double seconds);

    [LoggerMessage(49, LogLevel.Error, "The server {Name} writes messages as {Theirs} and this one as {Ours}, so they do not understand each other. Give all servers of a cluster the same settings.")]
    private static partial void LogMisfit(ILogger logger, string name, string theirs, string ours);

    [LoggerMessage(50, LogLevel.Error, "The bus of the cluster threw an exception.")]
    internal static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(85, LogLevel.Warning, "The server {Name} has the bridges \"{Theirs}\" and this one \"{Ours}\": clients of servers of other kinds are not reached by the server that has no bridge to them. Give all servers of a cluster the same bridges.")]
    private static partial void LogOtherBridges(ILogger logger, string name, string theirs, string ours);

    [LoggerMessage(107, LogLevel.Information, "The server {Name} ({Id}) of the cluster stops and sends its clients to the others.")]
    private static partial void LogLeaving(ILogger logger, string name, string id);
}
