using System.Collections.Concurrent;
using FaultyProgram;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Session;
using SocketIOServer;

// A program that throws wherever the server calls it, when a test says where. If the server lets an exception through to a thread of its own,
// this process ends, and not the test's. It ends by itself with its input.
// Some of the exceptions have no text.
var unobserved = new ConcurrentQueue<string>();
TaskScheduler.UnobservedTaskException += (_, e) => unobserved.Enqueue(e.Exception.InnerException is { } inner ? $"{inner.GetType()} at {inner.StackTrace}" : "");

var log = new ErrorLog();
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
if (Environment.GetEnvironmentVariable("TRANSPORT") == "epoll") builder.WebHost.UseEpoll(epoll => epoll.Loops = 2);
builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
builder.Services.AddSingleton<TimeProvider, FaultyTime>();
builder.Services.AddScoped<MadeService>().AddScoped<DisposedService>().AddScoped<LateDisposedService>().AddScoped<MadeNamespace>();
builder.Services.AddDistributedMemoryCache().AddSession().AddSingleton<ISessionStore, Sessions>();
builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Tokens>("faulty", null);
builder.Services.AddSingleton<IAuthorizationPolicyProvider, Policies>().AddAuthorization(options =>
{
    foreach (var (policy, place) in ((string, string)[])[("namespace", "policy"), ("event", "event-policy"), ("none", "none")])
    {
        options.AddPolicy(policy, rules => rules.RequireAssertion(_ =>
        {
            Fault.At(place);
            return true;
        }));
    }
});
builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.SetIsOriginAllowed(_ =>
{
    Fault.At("cors-function");
    return true;
}))).AddSingleton<ICorsPolicyProvider, Origins>();
builder.Services.AddSocketIO(options =>
{
    // Nothing of a clock comes in between.
    options.PingInterval = TimeSpan.FromHours(1);
    // As deep as may be: an object that contains itself gets there.
    options.Json = new(options.Json) { MaxDepth = 1000 };
    options.Cookie = new Cookies { Name = "io" };
});

var app = builder.Build();
app.Use((context, next) =>
{
    if (context.Request.Headers.ContainsKey("X-User")) context.User = new User();
    return next(context);
});
var server = app.Services.GetRequiredService<SocketServer>();
app.MapPost("/arm", context =>
{
    var place = context.Request.Query["place"].ToString();
    log.Lines.Clear();
    Listeners.Begin(place);
    Fault.Arm(place, context.Request.Query["kind"].ToString());
    return Task.CompletedTask;
});
app.MapGet("/state", context => context.Response.WriteAsJsonAsync(new
{
    sessions = server.Engines.Sum(engine => engine.Sessions.Count),
    sockets = server.Namespaces.Concat(server.Dynamic.Open).Sum(@namespace => @namespace.SocketCount),
    thrown = Fault.Thrown,
    errors = log.Lines,
}));
app.MapGet("/unobserved", context =>
{
    for (var i = 0; i < 3; i++)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    return context.Response.WriteAsJsonAsync(unobserved);
});
Namespaces.Map(app.MapSocketIO());
await app.StartAsync();
Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
await Console.In.ReadToEndAsync();
await app.StopAsync();
