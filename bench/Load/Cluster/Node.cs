using System.Globalization;
using Npgsql;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.Postgres;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace LoadCluster;

/// <summary>
/// One server of ours, told what to do by lines on its input: <c>publish rate window seconds</c>, <c>begin port</c> (of the publisher) and <c>end</c>. It answers each with
/// a line of JSON. Its first line is the port on which it hears how many events have arrived.
/// </summary>
internal static class Node
{
    /// <param name="bus">memory, classic, sharded, streams, postgres.</param>
    /// <param name="engine">The port of the engine.</param>
    public static async Task RunAsync(string bus, int engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        using var receiver = new Receiver();
        var server = builder.Services.AddSocketIO();
        if (bus == "streams")
        {
            server.AddClusterBus(
                services => CreateBus(services, bus, engine), _ => new StreamsWire(),
                services => new CountingLog(new StreamLog(Redis(engine), new RedisStreamsOptions(), services.GetRequiredService<TimeProvider>(), LoggerOf(services)), receiver));
        }
        else if (bus != "memory")
        {
            server.AddClusterBus(services => new CountingBus(CreateBus(services, bus, engine), receiver), _ => CreateWire(bus));
        }

        await using var app = builder.Build();
        app.MapSocketIO();
        await app.StartAsync();
        using var publisher = new Publisher(app.Services.GetRequiredService<ISocketServer>());
        Console.WriteLine(publisher.Port);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            Console.WriteLine(words[0] switch
            {
                "publish" => await publisher.RunAsync(Number(words[1]), Number(words[2]), double.Parse(words[3], CultureInfo.InvariantCulture)),
                "begin" => Begin(receiver, Number(words[1])),
                _ => receiver.End(),
            });
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Begin(Receiver receiver, int port)
    {
        receiver.Begin(port);
        return "{}";
    }

    private static IClusterBus CreateBus(IServiceProvider services, string bus, int engine) => bus == "postgres"
        ? new PostgresBus(new() { DataSource = NpgsqlDataSource.Create(PostgresEngine.ConnectionString(engine)) }, services.GetRequiredService<TimeProvider>(), LoggerOf(services))
        : new RedisBus(new RedisBusOptions { Configuration = Redis(engine), IsSharded = bus == "sharded" }, services.GetRequiredService<TimeProvider>(), LoggerOf(services));

    private static ConfigurationOptions Redis(int port) => ConfigurationOptions.Parse($"127.0.0.1:{port}");

    private static ILogger LoggerOf(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer");

    private static ClusterWire CreateWire(string bus) => bus switch
    {
        "classic" => new ClassicWire(),
        "postgres" => new PostgresWire(),
        _ => new JsonWire(rooms: RoomChannels.Dynamic),
    };
}
