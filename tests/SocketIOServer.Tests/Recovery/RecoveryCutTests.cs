using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Recovery;

/// <summary>Four emitters at once, and clients whose connections break after every k-th event: each has every event once, in order.</summary>
public sealed class RecoveryCutTests
{
    private const int Emitters = 4;

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 150)]
    [InlineData(3, 200)]
    [InlineData(7, 400)]
    [InlineData(20, 500)]
    [InlineData(61, 1000)]
    [InlineData(200, 2000)]
    public async Task No_event_is_missing_or_comes_twice(int cutAfter, int eventsOfEmitter)
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxMessages = 100_000, options: options => options.MaxQueuedBytes = 16 << 20);
        var (client, socket) = await stage.JoinAsync("room");
        var emitting = Enumerable.Range(0, Emitters).Select(emitter => Task.Run(() => EmitAsync(stage.Io, socket, emitter, eventsOfEmitter))).ToArray();

        var next = new int[Emitters];
        var lastOffset = "";
        for (var received = 0; received < Emitters * eventsOfEmitter;)
        {
            var args = JsonNode.Parse(await client.ReadAsync())!.AsArray();
            var emitter = (int)args[1]!;
            Assert.Equal(next[emitter]++, (int)args[2]!);
            Assert.True(string.CompareOrdinal(lastOffset, client.Offset) < 0, "offsets rise");
            lastOffset = client.Offset!;
            if (++received % cutAfter != 0) continue;
            // The server may notice the cut before the client is back, or afterwards.
            if (received / cutAfter % 2 == 0) await stage.CutAsync(client);
            else client.Cut();
            await client.ConnectAsync();
            Assert.True(client.Recovered);
        }

        await Task.WhenAll(emitting);
        await client.Client.AssertAliveAsync();
        Assert.Empty(stage.Host.Log.Errors);
    }

    private static async Task EmitAsync(ISocketServer io, ISocket socket, int emitter, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 4 == 0) await io.EmitAsync("n", emitter, i);
            else if (i % 4 == 1) await io.To("room").EmitAsync("n", emitter, i);
            else if (i % 4 == 2) await io.To(socket.Id).EmitAsync("n", emitter, i);
            else await socket.EmitAsync("n", emitter, i);
            if (i % 10 == 0) await Task.Yield();
        }
    }
}
