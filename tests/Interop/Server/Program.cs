// The server that run.mjs tests with the real clients. It uses the public API only.
using SocketIOServer;
using SocketIOServer.Interop.Server;

var builder = WebApplication.CreateBuilder(args);
if (Environment.GetEnvironmentVariable("TRANSPORT") == "epoll") builder.WebHost.UseEpoll();
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddCors(o => o.AddPolicy("pages", p => p
    .SetIsOriginAllowed(origin => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback)
    .AllowAnyHeader().AllowAnyMethod().AllowCredentials()));
builder.Services.ConfigureAll<SocketServerOptions>(o =>
{
    o.AllowJsonp = true;
    // Short, so that a run of a few seconds sees heartbeats; patient, so that a busy machine does not fail it.
    o.PingInterval = TimeSpan.FromSeconds(1);
    o.PingTimeout = TimeSpan.FromSeconds(15);
});
Cluster.Join(builder.Services.AddSocketIO(), builder.Configuration);
Cluster.Join(builder.Services.AddSocketIO("msgpack", o => o.Parser = PacketParser.MessagePack), builder.Configuration);
builder.Services.AddSocketIO("recovering", o => (o.Recovery, o.Inbox) = (new(), new()));
builder.Services.AddSocketIO("recovering-msgpack", o => (o.Recovery, o.Inbox, o.Parser) = (new(), new(), PacketParser.MessagePack));
builder.Services.AddSocketIO("retrying");

var app = builder.Build();
app.UseCors();
var witness = Witness.Map(app);
var retrying = Retrying.Use(app);

foreach (var io in (SocketEndpointBuilder[])[app.MapSocketIO(), app.MapSocketIO("/msgpack", "msgpack")])
{
    io.RequireCors("pages");
    foreach (var ns in (SocketNamespaceBuilder[])[io, io.Of("/chat"), io.Of("/news"), io.Of("/pump")])
    {
        Echoes.Map(ns);
        Questions.Map(ns);
        Rooms.Map(ns);
        Order.Map(ns);
        Leaving.Map(ns, witness);
    }

    Connecting.Map(io);
}

foreach (var io in (SocketEndpointBuilder[])[app.MapSocketIO("/recovering", "recovering"), app.MapSocketIO("/recovering-msgpack", "recovering-msgpack")])
{
    io.RequireCors("pages");
    Recovering.Map(io);
    Recovering.Map(io.Of("/chat"));
    retrying.Map(io);
}

retrying.Map(app.MapSocketIO("/retrying", "retrying"));

app.Run();
