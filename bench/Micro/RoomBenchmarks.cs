using BenchmarkDotNet.Attributes;

namespace SocketIOServer.Micro;

/// <summary>Joining and leaving, with a thousand others in the room.</summary>
public class RoomBenchmarks
{
    private ISocket _socket = null!;
    private ISocketServer _server = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        var server = Servers.Start(io => io.OnConnected((ISocket socket) => _socket = socket));
        for (var i = 0; i < 1000; i++)
        {
            MemoryClient.Join(server);
            await _socket.JoinAsync("room");
        }

        MemoryClient.Join(server);
        _server = server.Public;
    }

    [Benchmark(Description = "join and leave a room of its own")]
    public async Task Alone()
    {
        await _socket.JoinAsync("mine");
        await _socket.LeaveAsync("mine");
    }

    [Benchmark(Description = "join and leave a room of 1,000")]
    public async Task Among()
    {
        await _socket.JoinAsync("room");
        await _socket.LeaveAsync("room");
    }

    [Benchmark(Description = "count a room of 1,000")]
    public Task<int> Count() => _server.To("room").CountAsync();
}
