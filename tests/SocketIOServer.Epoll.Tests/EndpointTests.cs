using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SocketIOServer.Epoll.Tests;

/// <summary>All that Kestrel listens to.</summary>
public sealed class EndpointTests
{
    [Fact]
    public async Task Several_endpoints_are_on_the_same_loops()
    {
        await using var host = await EpollHost.StartBareAsync(EpollHost.TellThreadAsync, endpoints: 3);

        foreach (var address in host.Addresses)
        {
            var threads = new[] { await EpollHost.ThreadAsync(address), await EpollHost.ThreadAsync(address) };
            Assert.Equal(["epoll 0", "epoll 1"], threads.Order());
        }

        Assert.Equal(3, host.Addresses.Count);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.2", "127.0.0.2")]
    [InlineData("::", "127.0.0.2", "::ffff:127.0.0.2")]
    [InlineData("::", "::1", "::1")]
    [InlineData("::1", "::1", "::1")]
    public async Task A_connection_knows_both_its_ends(string bound, string called, string local)
    {
        var remote = called.Contains('.', StringComparison.Ordinal) ? local.Replace("127.0.0.2", "127.0.0.1", StringComparison.Ordinal) : local;
        if (bound.Contains(':', StringComparison.Ordinal)) Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        await using var host = await StartAsync(
            kestrel => kestrel.Listen(IPAddress.Parse(bound), 0),
            context => $"{context.Connection.LocalIpAddress} {context.Connection.LocalPort} {context.Connection.RemoteIpAddress} {context.Connection.RemotePort}");
        var address = new UriBuilder("http", called, host.Address.Port).Uri;
        await using var raw = await RawConnection.OpenAsync(address);

        await raw.GetAsync("/");

        Assert.Equal($"{local} {address.Port} {remote} {raw.Port}", await raw.ReadBodyAsync());
    }

    [Fact]
    public async Task A_large_body_goes_both_ways_through_TLS()
    {
        using var certificate = SelfSigned.Create();
        await using var host = await EpollHost.StartAsync(
            context => context.EchoAsync(),
            kestrel: kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown) },
        });
        var sent = HttpOverRaw.Pattern(1_000_000);

        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, host.Address)
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(sent) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } },
            };
            using var response = await http.SendAsync(request);
            Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task A_Unix_socket_is_served_by_Kestrels_own_transport()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var host = await StartAsync(kestrel => kestrel.ListenUnixSocket(path), _ => Thread.CurrentThread.Name ?? "");
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        Assert.DoesNotContain("epoll", await http.GetStringAsync(new Uri("http://localhost/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseEpoll_may_come_before_UseKestrel()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseEpoll().UseEpoll().UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Run(EpollHost.TellThreadAsync));
            kestrel.ListenUnixSocket(path);
        });
        await using var app = builder.Build();

        await app.StartAsync();

        Assert.StartsWith("epoll ", await EpollHost.ThreadAsync(new(app.Urls.First())), StringComparison.Ordinal);
        await app.StopAsync();
    }

    [Fact]
    public async Task A_port_in_use_is_told_as_Kestrel_does()
    {
        await using var first = await StartAsync(kestrel => kestrel.Listen(IPAddress.Loopback, 0), _ => "");

        var failure = await Assert.ThrowsAsync<IOException>(() => StartAsync(kestrel => kestrel.Listen(IPAddress.Loopback, first.Address.Port), _ => ""));

        Assert.Equal($"Failed to bind to address http://127.0.0.1:{first.Address.Port}: address already in use.", failure.Message);
    }

    private static Task<EpollHost> StartAsync(Action<KestrelServerOptions> kestrel, Func<HttpContext, string> answer) =>
        EpollHost.StartAsync(context => context.AnswerAsync(answer(context)), kestrel: kestrel);
}
