using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Testing.Tests;

/// <summary>How a client goes, and that both sides hear the same.</summary>
public sealed class LeavingTests
{
    private readonly Channel<LeaveReason> _left = Channel.CreateUnbounded<LeaveReason>();

    [Fact]
    public async Task A_client_that_answers_pings_stays()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        host.Clock.Advance(TimeSpan.FromDays(1));

        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task A_silent_client_times_out_by_the_clock()
    {
        await using var host = await StartAsync();
        await using var silent = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        silent.AnswersPings = false;

        host.Clock.Advance(TimeSpan.FromSeconds(44));
        Assert.True(silent.IsConnected);
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(silent.IsConnected);
        Assert.True(other.IsConnected);
        Assert.Equal("ping timeout", (await silent.DisconnectedAsync()).Text);
        Assert.Equal("ping timeout", await LeftAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_server_disconnects_a_client(bool close)
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.EmitAsync("leave", close);

        Assert.False(client.IsConnected);
        Assert.Equal(LeaveReason.ServerNamespaceDisconnect, await client.DisconnectedAsync());
        Assert.Equal("bye", await client.NextAsync<string>("farewell"));
        Assert.Equal(LeaveReason.ServerNamespaceDisconnect.Text, await LeftAsync());
    }

    [Fact]
    public async Task A_client_leaves()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.DisconnectAsync();
        await client.DisconnectAsync();

        Assert.Equal(LeaveReason.ClientNamespaceDisconnect, await client.DisconnectedAsync());
        Assert.Equal(LeaveReason.ClientNamespaceDisconnect.Text, await LeftAsync());
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => client.EmitAsync("leave", true));
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => client.NextAsync("farewell"));
    }

    [Fact]
    public async Task A_client_loses_its_connection()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        client.Drop();

        Assert.Equal("transport close", (await client.DisconnectedAsync()).Text);
        Assert.Equal("transport close", await LeftAsync());
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_clients()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await host.StopAsync();

        Assert.Equal("server shutting down", (await client.DisconnectedAsync()).Text);
        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync());
        Assert.Equal("Service unavailable", refusal.Message);
    }

    [Fact]
    public async Task What_is_larger_than_allowed_ends_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        await client.EmitAsync("large", new string('x', 1_000_001));

        Assert.Equal("transport error", (await client.DisconnectedAsync()).Text);
    }

    [Fact]
    public async Task A_handler_that_never_ends_keeps_no_test_from_ending()
    {
        await using var host = await SocketIOTestHost.StartAsync(
            io => io.On("stuck", () => new TaskCompletionSource().Task),
            options => options.MaxQueuedEvents = 1,
            services => services.Configure<HostOptions>(stop => stop.ShutdownTimeout = TimeSpan.FromMilliseconds(200)));
        var client = await host.ConnectAsync();
        host.Timeout = TimeSpan.FromMilliseconds(1);
        await client.EmitAsync("stuck");

        var error = await Assert.ThrowsAsync<TimeoutException>(() => client.EmitAsync("stuck"));
        await client.DisposeAsync();

        Assert.Contains("did not take \"stuck\"", error.Message, StringComparison.Ordinal);
        Assert.False(client.IsConnected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_waits_for_hooks(bool isOver)
    {
        var gate = new TaskCompletionSource();
        await using var own = await SocketIOTestHost.StartAsync(io => io.OnDisconnected(async () =>
        {
            await gate.Task;
            _left.Writer.TryWrite(new("ended"));
        }));
        await using var host = isOver ? SocketIOTestHost.Over(own.Services) : null;
        await (host ?? own).ConnectAsync();

        var stopping = (host ?? own).StopAsync();
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        await stopping;

        Assert.True(_left.Reader.TryRead(out var left));
        Assert.Equal("ended", left.Text);
    }

    private Task<SocketIOTestHost> StartAsync() => SocketIOTestHost.StartAsync(io => io
        .OnDisconnected(void (LeaveReason reason) => _left.Writer.TryWrite(reason))
        .On("leave", async (bool close, ISocket socket) =>
        {
            await socket.EmitAsync("farewell", "bye");
            await socket.DisconnectAsync(close);
        }));

    private async Task<string> LeftAsync() => (await _left.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Text;
}
