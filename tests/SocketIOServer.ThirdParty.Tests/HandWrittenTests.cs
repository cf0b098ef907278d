namespace SocketIOServer.ThirdParty.Tests;

/// <summary>A class that implements what an interface asks for has the rest of it.</summary>
public sealed class HandWrittenTests
{
    private readonly HandWrittenSocket _written = new();

    [Fact]
    public async Task Every_way_to_emit_is_there()
    {
        foreach (var emitter in (IEmitter[])[_written, new HandWrittenServer(_written)])
        {
            await emitter.EmitAsync("none");
            await emitter.EmitAsync("one", 1);
            await emitter.EmitAsync("two", 1, 2);
            await emitter.EmitAsync("three", 1, 2, 3);
            await emitter.SendAsync("text");
        }

        string[] sent = ["none()", "one(1)", "two(1,2)", "three(1,2,3)", "message(text)"];
        Assert.Equal([.. sent, .. sent], _written.Sent);
    }

    [Fact]
    public async Task Calls_and_rooms_are_there()
    {
#pragma warning disable CA1859 // The test covers members of the interface.
        ISocket socket = _written;
#pragma warning restore CA1859
        socket.Data.Set("name", "Ann");

        Assert.Equal(5, await socket.CallAsync<int>("sum", 5));
        Assert.Equal([socket.Id], (await socket.Everyone.CallAsync<int>("sum")).Missing);
        await socket.JoinAsync(7);
        Assert.Equal("Ann", ((IRemoteSocket)socket).Data.Get<string>("name"));
        Assert.Same(socket, Assert.Single(await socket.Everyone.FetchSocketsAsync()));
    }
}
