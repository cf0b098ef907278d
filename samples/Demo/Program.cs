using Chat;
using Demo;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSocketIO(options => options.AllowJsonp = true);   // off by default; the pages offer it to clients up to 3.1.3
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<Job>();
builder.Services.AddSingleton<RandomFeed>();
builder.Services.AddHostedService(services => services.GetRequiredService<RandomFeed>());
builder.AddChat();   // a server of its own, below /chat

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();

var io = app.MapSocketIO();
RoomsPage.Map(io);
EchoPages.Map(io.Of("/test"));
RandomFeed.Map(io.Of("/test_conn"));
Jobs.Map(io.Of("/testnamespace"));
app.MapChat();

app.Run();
