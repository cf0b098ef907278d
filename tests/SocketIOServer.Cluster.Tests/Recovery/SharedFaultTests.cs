namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>The program's parser fails for one event: what is behind it is delivered, and clients are not told that they have it.</summary>
public sealed class SharedFaultTests : SharedServers
{
    private const int DeliveryFailed = 132;

    private protected override int Count => 0;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_event_that_cannot_be_delivered_holds_up_nothing(int emitter)
    {
        for (var i = 0; i < 2; i++) await StartAsync(i == 0 ? options => options.Parser = new PoisonedParser() : null);
        var (client, socket) = await JoinAsync(0, "room");
        Readers[0].IsHeld = true;
        await Servers[emitter].Io.EmitAsync("poison", 1);
        await Servers[0].Io.Local.EmitAsync("behind it");
        await Servers[emitter].Io.EmitAsync("after", 2);
        Readers[0].IsHeld = false;

        Assert.Equal(["""["behind it"]""", """["after",2]"""], (await client.ReadAsync(2)).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(DeliveryFailed, Assert.Single(Servers[0].Host.Log.Errors).Id.Id);
        await socket.EmitAsync("to itself");
        Assert.Equal("""["to itself"]""", await client.ReadAsync());
        // Its session is not saved.
        client.Cut();
        await Eventually.TrueAsync(() => Servers[0].Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");
        await ReturnAsync(client, 0);
        Assert.False(client.Recovered);
        Assert.Contains(": gap", Refusals, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_cannot_be_kept_does_not_end_recovery_for_ever()
    {
        await StartAsync(options => options.Parser = new PoisonedParser());
        Readers[0].IsHeld = true;
        await Servers[0].Io.EmitAsync("poison", 1);
        Servers[0].Host.Time.Advance(TimeSpan.FromMilliseconds(250));
        Readers[0].IsHeld = false;
        await ReadAsync();

        var (client, _) = await JoinAsync(0, "room");
        await CutAsync(client);
        await Servers[0].Io.EmitAsync("missed");
        await ReturnAsync(client, 0);

        Assert.True(client.Recovered, Refusals);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
    }

    // Fails for an event when it gets its offset.
    private sealed class PoisonedParser : PacketParser
    {
        public override PacketDecoder CreateDecoder(PacketLimits limits) => Json.CreateDecoder(limits);

        public override OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json, byte[][] attachments) =>
            json.StartsWith("""["poison",1,"""u8) ? throw new InvalidOperationException("mine") : Json.Write(type, @namespace, id, json, attachments);
    }
}
