using System.Net;
using System.Net.Sockets;
using System.Text;
using Testkit.Faults;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The proxy that other tests hurt connections with does each harm as it says, and no other.</summary>
public sealed class FaultProxyTests : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly FaultProxy _proxy;
    private readonly List<IAsyncDisposable> _clients = [];

    public FaultProxyTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _proxy = new(new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await _proxy.DisposeAsync();
        _listener.Dispose();
    }

    [Fact]
    public async Task Without_faults_all_passes_and_so_do_both_ends()
    {
        var (client, server) = await ConnectAsync();

        await client.SendAsync("to the server");
        Assert.Equal("to the server", await ReadAsync(server, 13));
        await server.SendAsync("to the client"u8.ToArray());
        Assert.Equal("to the client", Encoding.UTF8.GetString(await client.ReadAsync(13)));
        client.Finish();
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
        server.Shutdown(SocketShutdown.Send);

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.False(client.IsReset);
        await Eventually.TrueAsync(() => _proxy.Links.Count == 0, "the link has ended");
    }

    [Fact]
    public async Task Slices_and_delays_change_nothing_but_the_pieces()
    {
        (_proxy.ToServer.Slice, _proxy.ToServer.Delay) = (7, TimeSpan.FromMilliseconds(3));
        var sent = new string([.. Enumerable.Range(0, 2_000).Select(i => (char)('a' + i % 26))]);
        var (client, server) = await ConnectAsync();

        await client.SendAsync(sent);

        Assert.Equal(sent, await ReadAsync(server, sent.Length));
        Assert.InRange(Assert.Single(_proxy.Links).ToServer.Writes, sent.Length / 7, sent.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blackhole_keeps_one_direction_back_and_loses_nothing(bool isToServer)
    {
        var (client, server) = await ConnectAsync();
        var link = Assert.Single(_proxy.Links);
        var hole = isToServer ? link.ToServer : link.ToClient;

        hole.IsBlackhole = true;
        await client.SendAsync("up");
        await server.SendAsync("down"u8.ToArray());
        // The other direction shows that time has passed for this one too.
        if (isToServer) Assert.Equal("down", Encoding.UTF8.GetString(await client.ReadAsync(4)));
        else Assert.Equal("up", await ReadAsync(server, 2));
        Assert.Equal(0, isToServer ? server.Available : client.Available);
        hole.IsBlackhole = false;

        if (isToServer) Assert.Equal("up", await ReadAsync(server, 2));
        else Assert.Equal("down", Encoding.UTF8.GetString(await client.ReadAsync(4)));
    }

    [Fact]
    public async Task In_a_blackhole_nobody_hears_of_an_end()
    {
        var (client, server) = await ConnectAsync();

        Assert.Single(_proxy.Links).Blackhole();
        await client.DisposeAsync();

        Assert.False(server.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_reset_reaches_both_sides()
    {
        var (client, server) = await ConnectAsync();

        Assert.Single(_proxy.Links).Reset();

        await client.ReadToEndAsync();
        Assert.True(client.IsReset);
        await Assert.ThrowsAsync<SocketException>(() => server.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task A_cut_lets_so_many_bytes_pass_and_no_more()
    {
        _proxy.ToServer.CutAfter = 5;
        var (client, server) = await ConnectAsync();

        await client.SendAsync("0123456789");

        Assert.Equal("01234", await ReadAsync(server, 5));
        await Assert.ThrowsAsync<SocketException>(() => server.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task Where_nobody_listens_the_client_is_reset()
    {
        _listener.Dispose();

        // Perhaps before the client knows that it was connected.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await using var client = await RawConnection.OpenAsync(_proxy.Address);
            await client.ReadAsync(1);
        });
    }

    private async Task<(RawConnection Client, Socket Server)> ConnectAsync()
    {
        var client = await RawConnection.OpenAsync(_proxy.Address);
        _clients.Add(client);
        return (client, await _listener.AcceptAsync());
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        using var patience = new CancellationTokenSource(TestHost.Patience);
        for (var read = 0; read < count; read += await socket.ReceiveAsync(bytes.AsMemory(read), patience.Token))
        {
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
