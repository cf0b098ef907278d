using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests;

/// <summary>A redis-server of the test's own on a free port of loopback, which can be killed, frozen and started again.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private Process? _process;

    private readonly string[] _settings;

    private RedisServer(int port, string[] settings) => (Port, _settings) = (port, settings);

    public int Port { get; }

    /// <summary>For the connections of the test itself.</summary>
    public string? Password { get; set; }

    public ConfigurationOptions Configuration => new() { EndPoints = { { IPAddress.Loopback, Port } }, Password = Password };

    /// <param name="settings">More arguments of redis-server, such as "--requirepass", "secret".</param>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var server = new RedisServer(FreePort(), settings);
        await server.RunAsync();
        return server;
    }

    public async Task RunAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["--bind", "127.0.0.1", "--port", $"{Port}", "--save", "", "--appendonly", "no", "--enable-debug-command", "local", .. _settings]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal)) continue;
            // What is not read would fill the pipe some day.
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }

        throw new InvalidOperationException("redis-server has ended. It is installed by eng/need-redis.");
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public void Freeze() => Signals.Stop(_process!);

    public void Thaw() => Signals.Continue(_process!);

    /// <summary>A command, sent over a connection of its own.</summary>
    public async Task<RedisResult> ExecuteAsync(string command, params object[] arguments)
    {
        var configuration = Configuration;
        configuration.AllowAdmin = true;
        await using var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        return await connection.GetDatabase().ExecuteAsync(command, arguments);
    }

    /// <summary>Waits until so many connections have subscribed to a channel, which NUMSUB or SHARDNUMSUB counts.</summary>
    public async Task SubscribedAsync(string counts, string channel, int count)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        var database = connection.GetDatabase();
        var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (true)
        {
            var now = (long)((RedisResult[])(await database.ExecuteAsync("PUBSUB", counts, channel))!)[1];
            if (now == count) return;
            if (Environment.TickCount64 >= end) throw new TimeoutException($"{channel} has {now} subscribers, not {count}");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        Thaw();
        await KillAsync();
    }

    // Below the ports that the system gives to outgoing connections: one of those may take the port before Redis does, or while Redis is killed. A client
    // that connects to such a port of its own machine again and again can even be given that port, and is then connected to itself.
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another program has it.
            }
        }
    }
}
