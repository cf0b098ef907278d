using System.Text.Json;
using SocketIOServer;

// Our server as a user would write it: public API, default settings. Peers/ holds the same in other hands.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");
var server = builder.Services.AddSocketIO();
if (Environment.GetEnvironmentVariable("REDIS") is { Length: > 0 } redis) server.AddRedis(redis);
switch (Environment.GetEnvironmentVariable("TRANSPORT"))
{
    case "epoll":
        builder.WebHost.UseEpoll();
        break;
    case "inline":
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        break;
}

var app = builder.Build();

app.MapSocketIO()
    .On("echo", (string text, ISocket socket) => socket.EmitAsync("echo", text))
#pragma warning disable SIO011 // The load has no binary, and RESULTS.md measured it so.
    .On("echoj", (JsonElement value, ISocket socket) => socket.EmitAsync("echoj", value))
#pragma warning restore SIO011
    .On("echob", (byte[] bytes, ISocket socket) => socket.EmitAsync("echob", bytes))
    .On("ack", (string text) => text)
    .On("bcast", (string text, ISocketServer server) => server.EmitAsync("bcast", text))
    .On("join", (string room, ISocket socket) => socket.JoinAsync(room))
    .On("roomcast", (string room, string text, ISocketServer server) => server.To(room).EmitAsync("roomcast", text));

// What the generator asks for beside the load.
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true));
app.MapGet("/collect", () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
app.Run();
