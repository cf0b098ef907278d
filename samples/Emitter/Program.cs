// A worker that has no Socket.IO server and emits to the clients of those that are on the same Redis, ours and Node's.
//   dotnet run --project samples/Emitter                       emits the time to the room "clock" every second until it is stopped
//   dotnet run --project samples/Emitter -- --once "Hello"     emits one message to everybody and ends, as a cron job does
// --redis 10.0.0.5:6379 names the Redis; the default is 127.0.0.1:6379.
using EmitterSample;
using SocketIOServer.Emitter;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSocketIOEmitter().AddRedis(builder.Configuration["redis"] ?? "127.0.0.1:6379");

if (builder.Configuration["once"] is { } text)
{
    using var job = builder.Build();
    var io = job.Services.GetRequiredService<ISocketEmitter>();
    try
    {
        await io.EmitAsync("notice", text);
        // Without it the program would not know whether Redis has the message.
        await io.FlushAsync();
        return 0;
    }
    catch (EmitterException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}

builder.Services.AddHostedService<Clock>();
builder.Build().Run();
return 0;
