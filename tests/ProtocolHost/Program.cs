using System.Text.Json;
using System.Text.Json.Nodes;
using ProtocolHost;
using SocketIOServer;
using StackExchange.Redis;

// For protocol checks from outside: an echo server on either layer, with the timings and limits they ask for.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var settings = builder.Configuration;
if (settings["transport"] == "epoll") builder.WebHost.UseEpoll();

void Configure(EngineOptions options)
{
    if (settings.GetValue<int?>("ping-interval") is { } interval) options.PingInterval = TimeSpan.FromMilliseconds(interval);
    if (settings.GetValue<int?>("ping-timeout") is { } timeout) options.PingTimeout = TimeSpan.FromMilliseconds(timeout);
    if (settings.GetValue<int?>("max-payload") is { } bytes) options.MaxPayload = bytes;
    // The public suite of revision 4 wants a request without EIO refused; real clients of revision 3 send such.
    options.AllowMissingRevision = false;
}

var services = builder.Services.AddSocketIO(options =>
{
    Configure(options);
    // The reference's suites compare every byte.
    options.ConnectErrorCodes = false;
    if (settings["recovery"] is not null) options.Recovery = new();
});
// One of several: --cluster is the connection string of Redis, --node its name. With --streams, a stream keeps so many entries.
if (settings["cluster"] is { } redis)
{
    if (settings.GetValue<int?>("streams") is { } length) services.AddRedisStreams(streams => (streams.Configuration, streams.MaxLength) = (ConfigurationOptions.Parse(redis), length));
    else services.AddRedis(redis);
    services.AddCluster(options =>
    {
        if (settings["node"] is { } node) options.NodeName = node;
        if (settings["secret"] is { } secret) (options.Secret, options.Address) = (secret, new(settings["urls"]!));
        if (settings.GetValue<double?>("dead-after") is { } seconds) (options.DeadAfter, options.BeatInterval) = (TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds / 3));
    });
}

// Numbered events, for a program that checks that none is missing.
var hasNumbers = settings["numbers"] is not null;
if (hasNumbers)
{
    builder.Services.AddHealthChecks().AddSocketIO();
    builder.Services.AddSingleton<Numbers>().AddHostedService(provider => provider.GetRequiredService<Numbers>());
}

var app = builder.Build();
if (hasNumbers)
{
    app.MapHealthChecks("/health");
    app.MapPost("/begin", (Numbers numbers) => numbers.Begin());
    app.MapPost("/end", (Numbers numbers) => numbers.EndAsync());
}

switch (settings["host"])
{
    case "engine":
        EngineEcho.Map(app, Configure);
        break;
    case "socket":
        var io = app.MapSocketIO();
        foreach (var name in (string[])["/", "/custom"])
        {
            io.Of(name)
                .OnConnected((ISocket socket) => hasNumbers ? JoinAsync(socket) : socket.EmitAsync("auth", socket.Handshake.Auth is { ValueKind: JsonValueKind.Object } auth ? auth : EmptyObject()))
                .On("message", (JsonNode?[] args, ISocket socket) => socket.EmitArgsAsync("message-back", args))
                .On("message-with-ack", (JsonNode?[] args) => new AckArguments([.. args]))
#pragma warning disable SIO002 // For a test of handlers that do just this.
                .On("nodes", (ISocketServer server) => server.Cluster.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal))
                .On("fetch", async (ISocketServer server) =>
                {
                    var sockets = await server.FetchSocketsAsync();
                    return new { Ids = sockets.Select(found => found.Id).Order(StringComparer.Ordinal), sockets.MissingNodes };
                })
                .On("block", (int milliseconds) => Thread.Sleep(milliseconds));
#pragma warning restore SIO002
        }

        break;
    default:
        Console.Error.WriteLine("Say --host engine or --host socket.");
        return 1;
}

// Whoever started it with port 0 is told where it listens.
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"listening on {app.Urls.First()}"));
// One server of a cluster belongs to a test, which holds its input open: it must not outlive a test that has died.
if (settings["cluster"] is not null) _ = Console.OpenStandardInput().CopyToAsync(Stream.Null).ContinueWith(_ => Environment.Exit(0), TaskScheduler.Default);
app.Run();
return 0;

static ValueTask JoinAsync(ISocket socket) => socket.Recovered ? default : socket.JoinAsync(socket.Handshake.Auth.GetProperty("room").GetString()!);

static JsonElement EmptyObject() => JsonDocument.Parse("{}").RootElement;
