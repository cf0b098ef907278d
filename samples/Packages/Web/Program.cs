// A program that knows SocketIOServer from its packages alone. `--check` tests it in memory and ends.
using SocketIOServer;
using SocketIOServer.Testing;

if (args.Contains("--check")) return await CheckAsync();

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSocketIO();
var app = builder.Build();
Map(app.MapSocketIO());
app.Run();
return 0;

static void Map(SocketEndpointBuilder io) => io.Of<Chat>();

static async Task<int> CheckAsync()
{
    await using var host = await SocketIOTestHost.StartAsync(Map);
    await using var ann = await host.ConnectAsync("/chat");
    await using var bob = await host.ConnectAsync("/chat");
    var count = await ann.CallAsync<int>("say", "hello");
    var heard = await bob.NextAsync<string>("said");
    Console.WriteLine($"{heard}, {count} here");
    return (heard, count) == ("hello", 2) ? 0 : 1;
}

internal interface IChatClient
{
    ValueTask Said(string text);
}

[Namespace("/chat")]
internal sealed class Chat : SocketController<IChatClient>
{
    [On("say")]
    public async Task<int> Say(string text)
    {
        await Clients.All.Said(text);
        return await Everyone.CountAsync();
    }
}
