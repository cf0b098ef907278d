namespace SocketIOServer.Docs.Tests;

/// <summary>What a page leaves out around a block.</summary>
/// <param name="Usings">Of every file of it.</param>
/// <param name="Before">Statements in front of the block.</param>
/// <param name="Types">Declared beside the block.</param>
/// <param name="Properties">What the project says to analyzers.</param>
internal sealed record Preamble(string Usings, string Before, string Types, Dictionary<string, string>? Properties = null)
{
    // ImplicitUsings of Microsoft.NET.Sdk.Web.
    private const string Implicit = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;

        """;

    // What a file with such a fragment imports.
    private const string Fragment = Implicit + """
        global using System.Security.Claims;
        global using System.Text.Json;
        global using System.Text.Json.Nodes;
        global using System.Threading.RateLimiting;
        global using Microsoft.AspNetCore.Authorization;
        global using SocketIOServer;

        """;

    private const string Shared = """
        public sealed record Text(string Data);
        public sealed record ChatLine(string From, string Body);
        public interface IChatStore
        {
            Task<ChatLine> SaveAsync(string room, string from, string body, CancellationToken cancel = default);
            Task<IReadOnlyList<ChatLine>> RecentAsync(string room, int count, CancellationToken cancel = default);
            Task<bool> RoomExistsAsync(string room, CancellationToken cancel = default);
        }
        public sealed class EmptyStore : IChatStore
        {
            public Task<ChatLine> SaveAsync(string room, string from, string body, CancellationToken cancel = default) => Task.FromResult(new ChatLine(from, body));
            public Task<IReadOnlyList<ChatLine>> RecentAsync(string room, int count, CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<ChatLine>>([]);
            public Task<bool> RoomExistsAsync(string room, CancellationToken cancel = default) => Task.FromResult(false);
        }

        """;

    private const string Builder = "var builder = WebApplication.CreateBuilder(args); builder.Services.AddSingleton<IChatStore, EmptyStore>(); builder.Services.AddAuthorization(); ";

    private const string App = Builder + "builder.Services.AddSocketIO(); var app = builder.Build(); ";

    private static readonly Dictionary<string, Preamble> Known = new()
    {
        // Stands alone: everything that it needs is on the page.
        ["program"] = new(Implicit, "", ""),
        // Has `builder`.
        ["builder"] = new(Fragment, Builder, Shared),
        // Has `builder` and `app`.
        ["app"] = new(Fragment, App, Shared),
        // Has `builder`, `app` and `io`, the mapped server.
        ["io"] = new(Fragment, App + "var io = app.MapSocketIO(); ", Shared),
        // The same in a project with PublishAot.
        ["aot"] = new(Fragment, App + "var io = app.MapSocketIO(); ", Shared, new() { ["build_property.EnableAotAnalyzer"] = "true" }),
        // Types alone, or statements that need nothing of a program.
        ["types"] = new(Fragment, "", Shared),
        // A test of the program beside it.
        ["factory"] = new(Fragment + "global using Xunit;\n", "", "public class Program;"),
        // The body of a test.
        ["test"] = new(Fragment + "global using SocketIOServer.Testing;\nglobal using Xunit;\n", "", Shared),
        // The body of a test that has its host.
        ["host"] = new(Fragment + "global using SocketIOServer.Testing;\nglobal using Xunit;\n", "await using var host = await SocketIOTestHost.StartAsync(_ => { }); ", Shared),
    };

    /// <summary>With statements between the preamble's own that make the builder and those that build the app.</summary>
    public Preamble With(string services) => services.Length == 0 ? this : this with { Before = Before.Replace(Builder, Builder + services, StringComparison.Ordinal) };

    public static Preamble Of(string name) =>
        Known.GetValueOrDefault(name) ?? throw new ArgumentException($"There is no preamble \"{name}\"; there are none, {string.Join(", ", Known.Keys)}.");
}
