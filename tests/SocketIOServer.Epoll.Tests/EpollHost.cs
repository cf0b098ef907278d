using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Epoll.Tests;

/// <summary>A real Kestrel on two epoll loops, with one handler for all requests or all connections.</summary>
internal sealed class EpollHost : IAsyncDisposable
{
    private static readonly byte[] Ready = "ready"u8.ToArray();

    private readonly WebApplication _app;

    private EpollHost(WebApplication app, LogCollector log)
    {
        _app = app;
        Log = log;
    }

    public LogCollector Log { get; }

    public IServiceProvider Services => _app.Services;

    public IReadOnlyList<Uri> Addresses =>
        [.. Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>The first of them.</summary>
    public Uri Address => Addresses[0];

    /// <param name="handle">Answers requests.</param>
    /// <param name="options">Changes those of the transport.</param>
    /// <param name="kestrel">Binds endpoints instead of a free port of the loopback, and changes limits.</param>
    /// <param name="pools">Instead of Kestrel's.</param>
    public static async Task<EpollHost> StartAsync(
        RequestDelegate handle,
        Action<EpollOptions>? options = null,
        Action<KestrelServerOptions>? kestrel = null,
        IMemoryPoolFactory<byte>? pools = null)
    {
        var log = new LogCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.WebHost.UseEpoll(epoll =>
        {
            epoll.Loops = 2;
            options?.Invoke(epoll);
        });
        if (kestrel is not null) builder.WebHost.ConfigureKestrel(kestrel);
        if (pools is not null) builder.Services.AddSingleton(pools);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);
        var app = builder.Build();
        app.Run(handle);
        var host = new EpollHost(app, log);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return host;
    }

    /// <param name="handle">Has each connection to itself, without HTTP.</param>
    /// <param name="options">Changes those of the transport.</param>
    /// <param name="endpoints">How many.</param>
    /// <param name="pools">Instead of Kestrel's.</param>
    public static Task<EpollHost> StartBareAsync(
        Func<ConnectionContext, Task> handle, Action<EpollOptions>? options = null, int endpoints = 1, IMemoryPoolFactory<byte>? pools = null) =>
        StartAsync(
            _ => Task.CompletedTask,
            options,
            kestrel =>
            {
                for (var i = 0; i < endpoints; i++) kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Run(connection => handle(connection)));
            },
            pools);

    /// <summary>A handler that tells <see cref="ThreadAsync"/> where it is woken.</summary>
    public static async Task TellThreadAsync(ConnectionContext connection)
    {
        var woken = WokenOnAsync(connection.Transport.Input);
        await connection.Transport.Output.WriteAsync(Ready);
        await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(await woken));
    }

    /// <summary>The name of the thread on which a handler that waits is woken by a message.</summary>
    public static async Task<string> ThreadAsync(Uri address)
    {
        await using var raw = await RawConnection.OpenAsync(address);
        await raw.ReadAsync(Ready.Length);
        await raw.SendAsync("where are you?");
        return await raw.ReadToEndAsync();
    }

    public Task<RawConnection> OpenAsync() => RawConnection.OpenAsync(Address);

    /// <summary>The body of the answer to a request on a connection of its own.</summary>
    public async Task<string> GetAsync(string path = "/")
    {
        await using var raw = await OpenAsync();
        await raw.GetAsync(path);
        return await raw.ReadBodyAsync();
    }

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Without a stop before it.</summary>
    public ValueTask DropAsync() => _app.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<string> WokenOnAsync(PipeReader reader)
    {
        await reader.ReadAsync();
        return Thread.CurrentThread.IsThreadPoolThread ? "thread pool" : Thread.CurrentThread.Name!;
    }
}
