using System.Text.Json.Nodes;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Events of four emitters on three servers: each emitter numbers its events and sends them in turns to all, to a room and to the client alone.</summary>
internal static class NumberedEvents
{
    private const int Emitters = 4;

    /// <summary>Cuts the client again and again, also in front of the server where it was. No event may be missing or come twice.</summary>
    /// <param name="servers">Three.</param>
    /// <param name="client">It is connected to the first one and is in the room "room".</param>
    /// <param name="socketId">Its socket.</param>
    /// <param name="cutAfter">After so many events.</param>
    /// <param name="eventsOfEmitter">How many each emitter sends.</param>
    /// <param name="refusals">What the servers say of sessions that they have refused.</param>
    public static async Task MoveAsync(IReadOnlyList<Server> servers, RecoveringClient client, string socketId, int cutAfter, int eventsOfEmitter, Func<string>? refusals = null)
    {
        var emitting = Enumerable.Range(0, Emitters).Select(emitter => Task.Run(() => EmitAsync(servers[emitter % 3].Io, emitter, socketId, eventsOfEmitter))).ToArray();
        var next = new int[Emitters];
        var at = 0;
        for (var received = 0; received < Emitters * eventsOfEmitter;)
        {
            var args = JsonNode.Parse(await client.ReadAsync())!.AsArray();
            Assert.Equal(next[(int)args[1]!]++, (int)args[2]!);
            if (++received % cutAfter != 0) continue;
            client.Cut();
            at = (at + received / cutAfter % 3) % 3;
            client.Host = servers[at].Host;
            await client.ConnectAsync();
            Assert.True(client.Recovered, refusals?.Invoke());
        }

        await Task.WhenAll(emitting);
    }

    private static async Task EmitAsync(ISocketServer io, int emitter, string id, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 3 == 0) await io.EmitAsync("n", emitter, i);
            else if (i % 3 == 1) await io.To("room").EmitAsync("n", emitter, i);
            else await io.To(id).EmitAsync("n", emitter, i);
            if (i % 10 == 0) await Task.Yield();
        }
    }
}
