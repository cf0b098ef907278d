using BenchmarkDotNet.Attributes;

namespace SocketIOServer.Micro;

/// <summary>An emit to many, from the call to each client's frame: the encoding once, the walk, the queues. Per delivery.</summary>
public class FanOutBenchmarks
{
    private const int Clients = 1000;

    private static readonly string Text = new('x', 64);

    private ISocketServer _server = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        var server = Servers.Start(io => io.On("join", (string room, ISocket socket) => socket.JoinAsync(room)));
        for (var i = 0; i < Clients; i++)
        {
            var client = MemoryClient.Join(server);
            client.Send("42[\"join\",\"all\"]"u8.ToArray());
            if (i % 2 == 0) client.Send("42[\"join\",\"even\"]"u8.ToArray());
        }

        _server = server.Public;
        if (await _server.To("all").CountAsync() != Clients) throw new InvalidOperationException("They are not all in.");
    }

    [Benchmark(OperationsPerInvoke = Clients, Description = "to all")]
    public ValueTask All() => _server.EmitAsync("e", Text);

    [Benchmark(OperationsPerInvoke = Clients, Description = "to a room")]
    public ValueTask Room() => _server.To("all").EmitAsync("e", Text);

    [Benchmark(OperationsPerInvoke = Clients, Description = "to two rooms, half in both")]
    public ValueTask Rooms() => _server.To("all", "even").EmitAsync("e", Text);

    [Benchmark(OperationsPerInvoke = Clients / 2, Description = "to all but a room")]
    public ValueTask Except() => _server.Except("even").EmitAsync("e", Text);
}
