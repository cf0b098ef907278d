using Chat;
using Demo;

var builder = WebApplication.CreateBuilder(args);
var server = builder.Services.AddSocketIO(options => options.AllowJsonp = true);   // off by default; the pages offer it to clients up to 3.1.3
ClusterSettings.Read(builder.Configuration).Connect(server, "demo");   // ./demo --cluster; without settings it does nothing
builder.Services.AddSingleton<Job>();
builder.Services.AddSingleton<RandomFeed>();
builder.Services.AddHostedService(services => services.GetRequiredService<RandomFeed>());
builder.AddChat();   // a server of its own, below /chat
builder.Services.AddHealthChecks().AddSocketIO();

var app = builder.Build();
app.UseStatusCodePages(MissingPage.WriteAsync);
app.UseDefaultFiles();
app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = PagePolicy.Apply });
app.MapGet("/source/{file}", SourceCode.Read);   // for the index page

var io = app.MapSocketIO();
RoomsPage.Map(io);
ClassicPage.Map(io.Of("/test"));
EchoPage.Map(io.Of("/test"));
RandomFeed.Map(io);
Replies.Map(io.Of("/testnamespace"));
Jobs.Map(io.Of("/testnamespace"));
NodeName.Map(io, io.Of("/test"), io.Of("/test_conn"), io.Of("/testnamespace"));
NodeName.Map(app);
app.MapHealthChecks("/health");   // for load balancers: 503 from the moment at which the node stops, so that its clients go to the others
app.MapChat();

return app.RunDemo();
