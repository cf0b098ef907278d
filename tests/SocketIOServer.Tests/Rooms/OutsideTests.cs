using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Rooms;

/// <summary>Programs emit from anywhere: a controller, a timer, a queue.</summary>
public sealed class OutsideTests
{
    [Fact]
    public async Task ISocketServer_of_the_services_reaches_the_clients()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await stage.Host.Services.GetRequiredService<ISocketServer>().EmitAsync("news", "x");

        Assert.Equal("""42["news","x"]""", await member.ReadAsync());
    }

    [Fact]
    public async Task A_socket_may_be_kept_and_used_from_any_thread()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), async (n, _) => await member.Socket.EmitAsync("e", n));

        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"""42["e",{n}]""").Order(), (await member.Client.ReadAsync(100)).Order());
    }

    // what one thread emits arrives in its order, directly and by broadcast.
    [Fact]
    public async Task Direct_emits_and_broadcasts_stay_in_order()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync("/", "room");

        for (var i = 0; i < 300; i += 3)
        {
            await member.Socket.EmitAsync("e", i);
            await stage.Io.EmitAsync("e", i + 1);
            await stage.Io.To("room").EmitAsync("e", i + 2);
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(n => $"""42["e",{n}]"""), await member.Client.ReadAsync(300));
    }

    [Fact]
    public async Task Values_are_kept_with_a_socket()
    {
        await using var stage = await Stage.StartAsync();
        var one = await stage.JoinAsync();
        var two = await stage.JoinAsync();

        one.Socket.Data.Set("name", "Ann");
        Parallel.For(0, 1000, _ => one.Socket.Data.Increment("count"));

        Assert.Equal(("Ann", 1000L), (one.Socket.Data.Get<string>("name"), one.Socket.Data.Get<long>("count")));
        Assert.Equal((null, 1L), (two.Socket.Data.Get<string>("name"), two.Socket.Data.Increment("count")));
    }

    [Fact]
    public async Task A_socket_knows_its_transport()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        await PollingClient.JoinAsync(stage.Host);

        Assert.Equal(TransportKind.WebSocket, member.Socket.Transport);
        Assert.Equal(TransportKind.Polling, (await stage.NextSocketAsync()).Transport);
    }
}
