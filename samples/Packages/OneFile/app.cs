#:sdk Microsoft.NET.Sdk.Web
#:package SocketIOServer@0.1.0
#:property PublishAot=false
// A whole server: dotnet run app.cs. (Handlers are bound and JSON is read by reflection, which a program of one file has to ask for.)
using SocketIOServer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSocketIO();
var app = builder.Build();
app.MapSocketIO().On("chat message", (string text, ISocket socket) => socket.Everyone.EmitAsync("chat message", text));
app.Run();
