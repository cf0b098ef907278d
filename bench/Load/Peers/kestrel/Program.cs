using System.Collections.Concurrent;
using System.Net.WebSockets;

// The floor: what the same frames cost without any protocol above the WebSocket. One buffer a connection, as in ASP.NET Core's own example.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");
var app = builder.Build();
app.UseWebSockets();

var members = new ConcurrentDictionary<WebSocket, byte>();
app.Map("/echo", context => ServeAsync(context, (socket, type, frame) => socket.SendAsync(frame, type, true, CancellationToken.None)));
app.Map("/bcast", context => ServeAsync(context, async (_, type, frame) =>
{
    // Enough for this load, where only one client ever sends: a WebSocket takes one send at a time.
    foreach (var (member, _) in members) await member.SendAsync(frame, type, true, CancellationToken.None);
}));
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true));
app.MapGet("/collect", () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
app.Run();

async Task ServeAsync(HttpContext context, Func<WebSocket, WebSocketMessageType, ReadOnlyMemory<byte>, ValueTask> onFrame)
{
    using var socket = await context.WebSockets.AcceptWebSocketAsync();
    members.TryAdd(socket, 0);
    var buffer = new byte[4096];
    try
    {
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } frame)
            await onFrame(socket, frame.MessageType, buffer.AsMemory(0, frame.Count));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
    catch (WebSocketException)
    {
        // The generator ends most of its runs by closing its connections without a word.
    }
    finally
    {
        members.TryRemove(socket, out byte _);
    }
}
