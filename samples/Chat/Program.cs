using Chat;

var builder = WebApplication.CreateBuilder(args);
builder.AddChat();

var app = builder.Build();
app.MapChat();
app.MapGet("/", () => Results.Redirect("/chat/"));
app.Run();
