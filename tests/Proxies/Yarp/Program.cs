// YARP as docs/proxies.md has it. The argument is the file of its settings.

var builder = WebApplication.CreateBuilder();
builder.Configuration.AddJsonFile(args[0], optional: false);
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

var app = builder.Build();
app.MapReverseProxy();
app.Run();
