using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>What cannot work throws where it is written, not when the first client comes.</summary>
public sealed class DeclarationTests : IAsyncDisposable
{
    private delegate void ByReference(ref int value);

    private readonly WebApplication _app;
    private readonly SocketEndpointBuilder _io;

    public DeclarationTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO();
        _app = builder.Build();
        _io = _app.MapSocketIO();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

#pragma warning disable SIO014 // These tests cover handlers that the analyzer cannot see.
    [Fact]
    public void A_parameter_by_reference_is_refused() =>
        Assert.Throws<ArgumentException>(() => _io.On("x", (ByReference)((ref value) => value = 1)));
#pragma warning restore SIO014

    [Fact]
    public void A_hook_with_an_argument_that_nothing_fills_is_refused_by_its_name()
    {
        var error = Assert.Throws<ArgumentException>(() => _io.OnConnected((string token) => token.Length));

        Assert.Contains("\"string token\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_async_void_handler_is_refused()
    {
        Action<int> handler = async value => await Task.Delay(value);

        var error = Assert.Throws<ArgumentException>(() => _io.On("x", handler));

        Assert.Contains("async void", error.Message, StringComparison.Ordinal);
    }

#pragma warning disable SIO014 // As above.
    [Fact]
    public void A_span_is_refused() => Assert.ThrowsAny<ArgumentException>(() => _io.On("x", (ReadOnlySpan<byte> data) => data.Length));
#pragma warning restore SIO014

    [Fact]
    public void No_handler_is_refused() => Assert.Throws<ArgumentNullException>(() => _io.On("x", null!));

    [Fact]
    public void No_name_is_refused() => Assert.Throws<ArgumentNullException>(() => _io.On(null!, () => 1));

    [Theory]
    [InlineData("connect")]
    [InlineData("connect_error")]
    [InlineData("disconnect")]
    [InlineData("disconnecting")]
    [InlineData("newListener")]
    [InlineData("removeListener")]
    public void A_name_of_the_protocol_is_refused(string name) => Assert.Throws<ArgumentException>(() => _io.On(name, () => 1));

    [Fact]
    public void A_second_handler_of_one_event_is_refused()
    {
        _io.On("x", () => 1);

        var error = Assert.Throws<ArgumentException>(() => _io.On("x", () => 2));

        Assert.Contains("\"x\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_event_may_have_a_handler_in_each_namespace()
    {
        _io.On("x", () => 1);

        _io.Of("/a").On("x", () => 1);
        _io.Of("/b").On("x", () => 1);

        Assert.Throws<ArgumentException>(() => _io.Of("a").On("x", () => 2));
    }

    [Fact]
    public void A_namespace_that_was_not_declared_cannot_be_used()
    {
        var server = _app.Services.GetRequiredService<ISocketServer>();
        _io.Of("chat");

        Assert.Equal("/chat", server.Of("/chat").Name);
        Assert.Throws<ArgumentException>(() => server.Of("/nope"));
    }

    [Theory]
    [InlineData("/a,b")]
    [InlineData("/a?b")]
    public void A_name_that_no_packet_could_carry_is_refused(string name) => Assert.Throws<ArgumentException>(() => _io.Of(name));

    [Fact]
    public void A_name_of_more_than_256_bytes_is_refused()
    {
        _io.Of("/" + new string('ä', 127));

        Assert.Throws<ArgumentException>(() => _io.Of("/" + new string('ä', 128)));
    }

    [Fact]
    public async Task Without_AddSocketIO_the_message_says_what_is_missing()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapSocketIO());

        Assert.Contains("AddSocketIO", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SocketServerOptions.MaxNamespaces))]
    [InlineData(nameof(SocketServerOptions.MaxPendingAcks))]
    [InlineData(nameof(SocketServerOptions.MaxQueuedEvents))]
    [InlineData(nameof(SocketServerOptions.MaxQueuedEventBytes))]
    [InlineData(nameof(SocketServerOptions.MaxPacketBytes))]
    [InlineData(nameof(SocketServerOptions.MaxJsonDepth))]
    public async Task A_limit_of_nothing_is_refused_at_start(string option)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO(options => typeof(SocketServerOptions).GetProperty(option)!.SetValue(options, option.EndsWith("Bytes", StringComparison.Ordinal) ? (object)0L : 0));
        await using var app = builder.Build();

        Assert.Throws<ArgumentOutOfRangeException>(() => app.MapSocketIO());
    }
}
