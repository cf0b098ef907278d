using Chat;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.AddChat();

var app = builder.Build();
app.MapChat();
app.MapGet("/", () => Results.Redirect("/chat/"));
app.Run();

// Not public, as it would be by itself: who hosts the chat has a Program too.
internal sealed partial class Program;
