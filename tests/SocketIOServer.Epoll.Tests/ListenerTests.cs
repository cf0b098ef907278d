using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Epoll.Tests;

/// <summary>What Kestrel may expect of a listener, beyond what a request shows.</summary>
public sealed class ListenerTests
{
    [Fact]
    public async Task An_accept_that_waits_gets_nothing_once_the_listener_is_unbound()
    {
        await using var host = await EpollHost.StartAsync(_ => Task.CompletedTask);
        await using var listener = await BindAsync(host);

        var accepting = listener.AcceptAsync();
        await listener.UnbindAsync();

        Assert.Null(await accepting);
        Assert.Null(await listener.AcceptAsync());
    }

    [Fact]
    public async Task A_stop_in_a_hurry_unbinds_too()
    {
        await using var host = await EpollHost.StartAsync(_ => Task.CompletedTask);
        await using var listener = await BindAsync(host);

        await listener.UnbindAsync(new CancellationToken(canceled: true));

        await using var again = await BindAsync(host, AddressOf(listener).Port);
    }

    [Fact]
    public async Task A_connection_that_nobody_accepts_is_ended_with_the_listener()
    {
        await using var host = await EpollHost.StartAsync(_ => Task.CompletedTask);
        var listener = await BindAsync(host);
        await using var raw = await RawConnection.OpenAsync(AddressOf(listener));

        await listener.DisposeAsync();

        Assert.Empty(await raw.ReadToEndAsync());
        Assert.True(raw.IsReset);
    }

    [Fact]
    public async Task A_connection_that_was_accepted_outlives_the_listener()
    {
        await using var host = await EpollHost.StartAsync(_ => Task.CompletedTask);
        var listener = await BindAsync(host);
        await using var raw = await RawConnection.OpenAsync(AddressOf(listener));
        await using var connection = await listener.AcceptAsync();

        await listener.DisposeAsync();

        await connection!.Transport.Output.WriteAsync("still here"u8.ToArray());
        Assert.Equal(10, (await raw.ReadAsync(10)).Length);
    }

    private static ValueTask<IConnectionListener> BindAsync(EpollHost host, int port = 0) =>
        host.Services.GetServices<IConnectionListenerFactory>().OfType<EpollTransport>().Single().BindAsync(new IPEndPoint(IPAddress.Loopback, port));

    private static Uri AddressOf(IConnectionListener listener) => new UriBuilder("http", "127.0.0.1", ((IPEndPoint)listener.EndPoint).Port).Uri;
}
