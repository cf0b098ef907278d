using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Hosting;

/// <summary>A description of the server as JSON, for a developer whose page does not connect.</summary>
internal static class ServerInfo
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string pattern, SocketServer server) =>
        endpoints.MapGet(pattern, (RequestDelegate)(context => Results.Text(Describe(server), "application/json").ExecuteAsync(context)));

    private static string Describe(SocketServer server) => new JsonObject
    {
        ["server"] = "SocketIOServer",
        ["version"] = typeof(ServerInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        ["protocols"] = List(EngineProtocol.All.Where(protocol => server.Options.AllowEngineIO3 || !protocol.IsLegacy).Select(protocol => protocol.Name)),
        ["transports"] = List(server.Options.Transports.Select(transport => transport.ToString().ToLowerInvariant())),
        ["upgrades"] = server.Options.AllowUpgrades,
        ["jsonp"] = server.Options.AllowJsonp,
        ["namespaces"] = List(server.Namespaces.Select(@namespace => @namespace.Name).Order(StringComparer.Ordinal)),
        ["connections"] = server.Engines.Sum(engine => engine.Sessions.Count),
    }.ToJsonString();

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)text)];
}
