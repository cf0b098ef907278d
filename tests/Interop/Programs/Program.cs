// Small programs as users write them, each run by its name: Programs.dll echo --urls ...
using SocketIOServer.Interop.Programs;

var builder = WebApplication.CreateBuilder(args[1..]);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
Action<WebApplicationBuilder> run = args[0] switch
{
    "numbers" => Numbers.Run,
    "own numbers" => OwnNumbers.Run,
    "progress" => Progress.Run,
    "echo" => Echo.Run,
    "rooms" => Rooms.Run,
    "forms" => Forms.Run,
    "guarded" => Guarded.Run,
    "guide" => Guide.Run,
    _ => throw new ArgumentException($"There is no program \"{args[0]}\"."),
};
run(builder);
