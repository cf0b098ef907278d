// The server of the browser matrix: serves the test page and the client bundles itself (one origin), and lets in
// one other origin, with credentials, by ASP.NET Core's own CORS. Every other origin must be refused.
//   --allowed-origin http://127.0.0.1:1234  --webroot PAGES  --bundles FOLDER
using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.FileProviders;
using SocketIOServer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.ConfigureAll<SocketServerOptions>(options => options.AllowJsonp = true);
builder.Services.AddSocketIO();
builder.Services.AddSocketIO("msgpack", options => options.Parser = PacketParser.MessagePack);
builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
    .WithOrigins(builder.Configuration["allowed-origin"] ?? throw new InvalidOperationException("--allowed-origin is missing"))
    .AllowAnyHeader()
    .AllowAnyMethod()
    .AllowCredentials()));

var app = builder.Build();
app.UseStaticFiles();
app.UseStaticFiles(new StaticFileOptions
{
    RequestPath = "/lib",
    FileProvider = new PhysicalFileProvider(builder.Configuration["bundles"] ?? throw new InvalidOperationException("--bundles is missing")),
});
// A session whose page goes ends at once if a poll waits for it. The log tells when the poll has come.
ConcurrentDictionary<string, int> polls = new();
app.Use((context, next) =>
{
    if (HttpMethods.IsGet(context.Request.Method) && context.Request.Query["transport"] == "polling" && context.Request.Query["sid"] is [{ } session])
    {
        Console.WriteLine($"poll {polls.AddOrUpdate(session, 1, (_, count) => count + 1)} of {session}");
    }

    return next(context);
});
app.UseRouting();
app.UseCors();

foreach (var io in (SocketEndpointBuilder[])[app.MapSocketIO(), app.MapSocketIO("/msgpack", "msgpack")])
{
    io.RequireCors();
    Map(io);
    Map(io.Of("/chat"));
}

app.Run();

// Each event says what the server made of a value, or makes one: an echo alone would hide two errors that cancel out.
static void Map(SocketNamespaceBuilder io) => io
    .OnDisconnected((ISocket socket, LeaveReason why) => Console.WriteLine($"{socket.Id} left: {why}"))
    .On("my id", (JsonNode? _, ISocket socket) => socket.Id)
    .On("units of", (string text) => text.Select(unit => (int)unit).ToArray())
    .On("text of", (int[] units) => TextOf(units))
    .On("tell text of", (int[] units, ISocket socket) => socket.EmitAsync("text", TextOf(units)))
    .On("echo", (JsonNode? value) => value)
    .On("repeat", (JsonNode? value, ISocket socket) => socket.EmitAsync("repeated", value))
    .On("hex of", (byte[] bytes) => Convert.ToHexString(bytes))
    .On("bytes of", (string hex) => Convert.FromHexString(hex))
    .On("tell bytes of", (string hex, ISocket socket) => socket.EmitAsync("bytes", new { label = "für dich", body = Convert.FromHexString(hex) }))
    .On("ask me", (JsonNode? value, ISocket socket) => socket.CallAsync<JsonNode?>("question", value, timeout: TimeSpan.FromSeconds(8)))
    .On("ask me for bytes", async (ISocket socket) =>
        Convert.ToHexString(await socket.CallAsync<byte[]>("question", new byte[] { 0, 255 }, timeout: TimeSpan.FromSeconds(8))));

static string TextOf(int[] units) => new([.. units.Select(unit => (char)unit)]);
