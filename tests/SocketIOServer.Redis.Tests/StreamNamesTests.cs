namespace SocketIOServer.Redis.Tests;

/// <summary>Which stream a namespace has, as Node's adapter computes it.</summary>
public sealed class StreamNamesTests
{
    [Theory]
    [InlineData("/", "socket.io-3")]
    [InlineData("/chat", "socket.io-3")]
    [InlineData("/orders", "socket.io-0")]
    [InlineData("/notifications", "socket.io--3")]
    public void A_namespace_has_the_stream_that_Node_gives_it(string name, string stream)
    {
        var names = new StreamNames("socket.io", 4);

        Assert.Equal(stream, names.Of(name));
        Assert.Contains(stream, names.All);
        Assert.Equal(!stream.Contains("--", StringComparison.Ordinal), names.IsReadByNode(name));
    }

    [Fact]
    public void One_stream_has_no_number()
    {
        var names = new StreamNames("socket.io", 1);

        Assert.Equal("socket.io", names.Of("/notifications"));
        Assert.Equal(["socket.io"], names.All);
        Assert.True(names.IsReadByNode("/notifications"));
    }

    [Fact]
    public void All_numbers_that_the_hash_can_give_are_read() =>
        Assert.Equal(["s-0", "s-1", "s-2", "s--1", "s--2"], new StreamNames("s", 3).All);
}
