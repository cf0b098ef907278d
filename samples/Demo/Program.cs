using Chat;
using Demo;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSocketIO(options => options.AllowJsonp = true);   // off by default; the pages offer it to clients up to 3.1.3
builder.Services.AddSingleton<Job>();
builder.Services.AddSingleton<RandomFeed>();
builder.Services.AddHostedService(services => services.GetRequiredService<RandomFeed>());
builder.AddChat();   // a server of its own, below /chat

var app = builder.Build();
app.UseStatusCodePages(MissingPage.WriteAsync);
app.UseDefaultFiles();
app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = PagePolicy.Apply });
app.MapGet("/source/{file}", SourceCode.Read);   // for the index page

var io = app.MapSocketIO();
RoomsPage.Map(io);
ClassicPage.Map(io.Of("/test"));
EchoPage.Map(io.Of("/test"));
RandomFeed.Map(io.Of("/test_conn"));
Replies.Map(io.Of("/testnamespace"));
Jobs.Map(io.Of("/testnamespace"));
app.MapChat();

return app.RunDemo();
