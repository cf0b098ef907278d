using System.Text.Json;
using Chat.Accounts;
using Chat.Storage;
using Chat.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer;
using SocketIOServer.Testing;

namespace Chat.Tests;

/// <summary>The chat as it is, with a database of its own, clients in memory and a clock that the test moves.</summary>
internal sealed class ChatProgram : IAsyncDisposable
{
    // Shorter than any other timer that a leaving client starts, so that a test can wait for it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly DirectoryInfo _folder;
    private readonly WebApplication _app;
    private readonly SocketIOTestHost _host;

    private ChatProgram(DirectoryInfo folder, WebApplication app)
    {
        (_folder, _app) = (folder, app);
        _host = SocketIOTestHost.Over(app.Services, ChatApp.Server);
    }

    public LogCollector Log { get; private init; } = new();

    public FakeClock Clock => _host.Clock;

    public IReadOnlyList<Exception> Errors => _host.Errors;

    public ISocketServer Io => _host.Server;

    public IChatStore Store => Of<IChatStore>();

    public T Of<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static ChatProgram Start(params string[] settings) => Build(null, null, settings);

    /// <summary>One of several nodes, which has started.</summary>
    public static async Task<ChatProgram> StartNodeAsync(IClusterBus bus, FakeClock clock, params string[] settings)
    {
        var node = Build(bus, clock, settings);
        await node._app.StartAsync();
        return node;
    }

    private static ChatProgram Build(IClusterBus? bus, FakeClock? clock, string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("chat-tests-");
        var log = new LogCollector();
        // A user's allowance is of real time: only the tests of it want a small one.
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", $"--Chat:Folder={folder.FullName}", $"--Chat:Grace={Grace}", "--Chat:Burst=100000", .. settings]);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(clock ?? new FakeClock(DateTimeOffset.UtcNow));   // cookies last some days, by the browser's clock too
        builder.AddChat();
        if (bus is not null) builder.Services.AddSocketIO(ChatApp.Server).AddClusterBus(_ => bus);
        var app = builder.Build();
        app.MapChat();
        return new(folder, app) { Log = log };
    }

    /// <summary>A new account, without the work of hashing.</summary>
    public async Task<User> AddUserAsync(string name) => (await Store.Accounts.AddAsync(name, "no hash"))!;

    public async Task<User> FindAsync(string name) => (await Store.Accounts.FindAsync(name))!.User;

    public Task<SocketIOTestClient> ConnectAsync(string path, User? user, object? auth = null) =>
        _host.ConnectAsync(path, auth, user?.ToPrincipal("test"));

    /// <summary>A new user who is there.</summary>
    public async Task<SocketIOTestClient> JoinAsync(string path, string name) => await ConnectAsync(path, await AddUserAsync(name));

    /// <summary>A script on the program's database, past the program.</summary>
    public void Execute(string script)
    {
        using var session = new SqliteSession(Path.Combine(_folder.FullName, "chat.db"));
        session.Execute(script);
    }

    /// <summary>Lets the server notice that a user's last socket has gone, and the clock move to before or behind the end of the grace time.</summary>
    public async Task AdvanceGraceAsync(bool isOver)
    {
        await Clock.WaitForTimerAsync(Grace);
        Clock.Advance(isOver ? Grace : Grace / 2);
    }

    /// <summary>Listens on a port too.</summary>
    public async Task<Uri> ListenAsync()
    {
        await _app.StartAsync();
        return Address;
    }

    /// <summary>Where it listens, once it has started.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/chat/");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

internal static class Asking
{
    /// <summary>The code of the error that the server answers; null: it did what was asked.</summary>
    public static async Task<string?> RefusedAsync(this SocketIOTestClient client, string name, params object?[] args)
    {
        var arguments = await client.CallAsync(name, args);
        var answer = arguments.Count == 0 ? default : arguments.Get<JsonElement>();
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var error) ? error.GetString() : null;
    }

    public static object Draft(string text) => new { text };

    public static object FileDraft(string fileName) => new { fileName };

    /// <summary>The key of an event, which tells it from others when it is sent again.</summary>
    public static string NewKey() => Guid.NewGuid().ToString();
}
