using SignalRPeer;

// ASP.NET Core's own answer to the same task, default settings, JSON: a hub method for each event of bench/Load/Server.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");
builder.Services.AddSignalR();
var app = builder.Build();

app.MapHub<EventHub>("/hub");
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true));
app.MapGet("/collect", () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("ready"));
app.Run();
