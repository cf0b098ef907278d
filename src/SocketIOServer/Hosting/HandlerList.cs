using System.Text;
using Microsoft.Extensions.Logging;
using SocketIOServer.Events;

namespace SocketIOServer.Hosting;

/// <summary>
/// Writes to the log of a program in Development what each handler takes from clients and what from services, so that a service that is read from the
/// client, or an argument that is read from the services, is seen.
/// </summary>
internal static partial class HandlerList
{
    public static void Write(SocketServer server, string path)
    {
        if (server.Context.Logger.IsEnabled(LogLevel.Information)) LogHandlers(server.Context.Logger, path, Describe(server));
    }

    private static string Describe(SocketServer server)
    {
        var text = new StringBuilder();
        foreach (var @namespace in server.Namespaces.OrderBy(static each => each.Name, StringComparer.Ordinal)) Describe(text, @namespace.Name, @namespace.Context.Handlers);
        foreach (var shared in server.Dynamic.Declared) Describe(text, "OfAny", shared);
        return text.Length == 0 ? " none" : text.ToString();
    }

    private static void Describe(StringBuilder text, string @namespace, HandlerTable handlers)
    {
        foreach (var (handler, isEvent) in handlers.All)
        {
            text.Append(Environment.NewLine).Append("  ").Append(@namespace).Append(' ').Append(isEvent ? $"On(\"{handler.Name}\")" : handler.Name);
            Describe(text, "the client", handler.Inputs.FromClient);
            Describe(text, "services", handler.Inputs.FromServices);
        }
    }

    private static void Describe(StringBuilder text, string source, List<string> inputs)
    {
        if (inputs.Count > 0) text.Append("; from ").Append(source).Append(": ").AppendJoin(", ", inputs);
    }

    [LoggerMessage(26, LogLevel.Information, "Socket.IO handlers at {Path}:{Handlers}")]
    private static partial void LogHandlers(ILogger logger, string path, string handlers);
}
