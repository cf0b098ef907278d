namespace SocketIOServer.Nats.Tests;

/// <summary>Names that clients choose are text in a subject, whatever their characters mean to NATS.</summary>
public sealed class NatsSubjectTests
{
    [Theory]
    [InlineData("socket.io#/#", "socket.io._Lw._")]
    [InlineData("socket.io#/chat#room 1#", "socket.io._L2NoYXQ._cm9vbSAx._")]
    [InlineData("socket.io-nodes#", "socket.io-nodes._")]
    [InlineData("room", "room")]
    [InlineData("room é", "_cm9vbSDDqQ")]
    [InlineData("a..b#", "_YS4uYg._")]
    [InlineData("_a#", "_X2E._")]
    [InlineData(">#", "_Pg._")]
    [InlineData("", "_")]
    public void A_channel_has_this_subject(string channel, string subject) => Assert.Equal(subject, NatsSubject.Of(channel));

    [Fact]
    public void No_two_channels_share_a_subject()
    {
        string[] parts = ["", "/", "/a", "/a.b", "/*", "/>", "/a#b", "/a b", "a", "_", "_Lw", "é", new('x', 256), new('x', 257), new('x', 258), "/" + new string('é', 2000)];
        string[] channels = [.. from a in parts from b in parts from c in parts select $"{a}#{b}#{c}"];

        var subjects = channels.Distinct(StringComparer.Ordinal).ToLookup(NatsSubject.Of, StringComparer.Ordinal);

        Assert.All(subjects, same => Assert.Single(same));
        Assert.All(subjects, same => Assert.InRange(same.Key.Length, 1, 1100));
        Assert.All(subjects, same => Assert.All(same.Key.Split('.'), token => Assert.Matches("^[A-Za-z0-9_-]+$", token)));
    }
}
