using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Attacks.Tests.Parser;

/// <summary>ATTACKS A80: the other encoding.</summary>
public sealed class MessagePackTests
{
    // The event ["e", …] up to its argument.
    private const string Event = "83a47479706502a36e7370a12fa46461746192a165";

    [Theory]
    [InlineData("")]
    [InlineData("c0")]
    [InlineData("90")]
    [InlineData("c1")]
    [InlineData("80")]
    [InlineData("81a474797065c0")]
    [InlineData("81a47479706507")]
    [InlineData("dfffffffff")]
    [InlineData("ddffffffff")]
    [InlineData(Event)]
    [InlineData(Event + "c1")]
    [InlineData(Event + "c0c0")]
    [InlineData(Event + "ddffffffff")]
    [InlineData(Event + "dfffffffff")]
    [InlineData(Event + "dbffffffff")]
    [InlineData(Event + "c6ffffffff")]
    [InlineData(Event + "c9ffffffff00")]
    [InlineData(Event + "dcffff")]
    [InlineData(Event + "d9ff")]
    [InlineData(Event + "a1ff")]
    [InlineData(Event + "«91×65»c0")]
    [InlineData(Event + "«91×5000»c0")]
    [InlineData(Event + "«91×400000»c0")]
    [InlineData(Event + "«81a161×100000»c0")]
    public async Task A80_bytes_that_are_no_packet_end_the_connection(string hex)
    {
        await using var host = await TestHost.StartAsync(options: options => options.Parser = PacketParser.MessagePack);
        foreach (var isPolling in (bool[])[false, true])
        {
            await using var attacker = await Attacker.OpenAsync(host, isPolling, joins: false);

            Assert.Equal(("", attacker.EndFor(Outcome.ParseError)), await attacker.SendAsync("b:" + Message.Expand(hex)));
        }

        var server = host.Services.GetRequiredService<SocketServer>();
        await Eventually.TrueAsync(() => server.Engines.Sum(engine => engine.Sessions.Count) == 0 && host.Time.ArmedTimers == 0, "nothing is left");
        Assert.Empty(host.Log.Errors);
    }
}
