#:sdk Microsoft.NET.Sdk.Web
#:package SocketIOServer@0.1.0
#:property PublishAot=false
// Wrong on purpose: whoever has the package is told so. Each line names what it is told; `./test packages` compares.
using System.Text.Json;
using SocketIOServer;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSocketIO();
var app = builder.Build();
var io = app.MapSocketIO();
io.On("a", (text, socket) => text);                                 // CS8917 SIO001
io.On("b", (ISocket socket) => Thread.Sleep(1000));                 // SIO002
io.On("disconnect", (ISocket socket) => socket.Data.Get<int>("n")); // SIO003
io.On("c", (JsonElement a, ISocket s) => s.EmitAsync("c", a));      // SIO011
io.On("d", ([RetryKey] Guid key) => key);                           // SIO016
app.Run();
