using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;
using SocketIOServer.Testing.Transports;

namespace SocketIOServer.Testing;

/// <summary>
/// A Socket.IO server in memory: the real namespaces, handlers, rooms and codecs, without a port and without HTTP, on a clock that the test
/// controls. Transports, CORS and endpoint conventions need a real server; a unit test of one handler can use <see cref="FakeSocket"/>.
/// </summary>
public sealed class SocketIOTestHost : IAsyncDisposable
{
    private readonly SocketServer _server;
    private readonly EngineServer _engine;
    private readonly ServerLog _log = new();
    private readonly TestTimeout _timeout;
    private readonly IHost? _app;

    private SocketIOTestHost(IServiceProvider services, IHost? app, string? name = null)
    {
        Services = services;
        _app = app;
        _timeout = new(_log);
        services.GetService<ILoggerFactory>()?.AddProvider(_log);
        _server = (name is null ? services.GetService<SocketServer>() : services.GetKeyedService<SocketServer>(name))
            ?? throw new InvalidOperationException($"These services have no such Socket.IO server: AddSocketIO({(name is null ? "" : $"\"{name}\"")}) was not called.");
        _engine = _server.CreateEngine(new MemoryTransport());
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(_engine.Stop);
    }

    /// <summary>The clock of the server and of all services that take a <see cref="TimeProvider"/>.</summary>
    /// <exception cref="InvalidOperationException">The services have another clock: add <c>AddSingleton&lt;TimeProvider&gt;(new FakeClock())</c>.</exception>
    public FakeClock Clock => Services.GetService<TimeProvider>() as FakeClock
        ?? throw new InvalidOperationException("The server's clock is the real one: register a FakeClock as TimeProvider to move it.");

    /// <summary>The services of the program.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The server, as code outside of handlers uses it.</summary>
    public ISocketServer Server => _server.Public;

    /// <summary>The exceptions of handlers and services that were logged, and those of the clients' answers. A good last line of a test asserts that it is empty.</summary>
    public IReadOnlyList<Exception> Errors => _log.Errors;

    /// <summary>How long the clients of this host wait, in real time, for something that the test expects. Then the wait throws a <see cref="TimeoutException"/>. Default 10 seconds.</summary>
    public TimeSpan Timeout
    {
        get => _timeout.Limit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _timeout.Limit = value;
        }
    }

    /// <summary>Starts a server and its hosted services.</summary>
    /// <param name="map">Declares the handlers, as on the result of MapSocketIO. Conventions of the endpoint have no effect.</param>
    /// <param name="options">Changes the options of the server.</param>
    /// <param name="services">Adds services. If it registers a TimeProvider, that one replaces the <see cref="Clock"/>.</param>
    /// <example>
    /// <code>
    /// await using var host = await SocketIOTestHost.StartAsync(io =&gt; io.On("add", (int a, int b) =&gt; a + b));
    /// await using var client = await host.ConnectAsync();
    /// Assert.Equal(3, await client.CallAsync&lt;int&gt;("add", 1, 2));
    /// </code>
    /// </example>
    public static async Task<SocketIOTestHost> StartAsync(
        Action<SocketEndpointBuilder> map, Action<SocketServerOptions>? options = null, Action<IServiceCollection>? services = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        var app = TestApp.Build(options, services);
        try
        {
            var host = new SocketIOTestHost(app.Services, app);
            TestApp.Map(host._server, map);
            await app.StartAsync();
            return host;
        }
        catch
        {
            app.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Serves a program that is already built, by its services: clients reach what the program has mapped, in addition to its ports. The host starts nothing, and
    /// disposing of it ends only its clients.
    /// </summary>
    /// <param name="services">The services of the program, such as WebApplication.Services.</param>
    /// <param name="name">The name that the program passed to AddSocketIO. Null for the server without a name.</param>
    /// <exception cref="InvalidOperationException">AddSocketIO was not called.</exception>
    public static SocketIOTestHost Over(IServiceProvider services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new(services, null, name);
    }

    /// <summary>Connects a client on a connection of its own and joins a namespace.</summary>
    /// <param name="ns">The namespace, with or without its leading slash.</param>
    /// <param name="auth">The auth of the client: any object that becomes a JSON object, such as <c>new { token }</c>.</param>
    /// <param name="user">The signed-in user. Null: nobody.</param>
    /// <param name="query">Added to the query of the request, such as "token=1".</param>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="maxAttachments">
    /// The largest number of binary attachments in one packet of the server, as <c>maxAttachments</c> of socket.io-parser. Default 10, as there. If a packet has
    /// more, the client leaves with the reason "parse error", as a real client does. Without effect if the server's parser is not <see cref="PacketParser.Json"/>.
    /// </param>
    /// <exception cref="SocketIOTestRefusedException">The server did not let it in.</exception>
    /// <exception cref="SocketDisconnectedException">The connection ended before the server had decided.</exception>
    /// <exception cref="TimeoutException">OnConnecting did not end within <see cref="Timeout"/>.</exception>
    public async Task<SocketIOTestClient> ConnectAsync(
        string ns = "/", object? auth = null, ClaimsPrincipal? user = null, string? query = null, IHeaderDictionary? headers = null,
        int maxAttachments = 10)
    {
        ArgumentNullException.ThrowIfNull(ns);
        ArgumentOutOfRangeException.ThrowIfNegative(maxAttachments);
        var side = new ClientSide(ns, _server, _log, maxAttachments);
        var connect = side.ConnectPacket(auth);
        var request = new MemoryRequest(Services, side.Connection, user, query, headers);
        if (await request.OpenAsync(_server, _engine, side.Connection) is { } refusal) throw new SocketIOTestRefusedException(refusal, default);
        try
        {
            await side.Connection.SendAsync(connect);
            return new(side, await _timeout.WaitAsync(side.Joined, $"The server did not let the client into \"{side.Namespace}\""), _timeout);
        }
        catch
        {
            side.Drop();
            throw;
        }
    }

    /// <summary>
    /// Stops the server as a program stops: clients get what is queued and leave with "server shutting down", further ones are refused, and handlers and
    /// hooks that still run are waited for. Of a server of its own they have 5 seconds of real time, unless the services configure HostOptions otherwise;
    /// over another program's services they have <see cref="Timeout"/>.
    /// </summary>
    public async Task StopAsync()
    {
        _engine.Stop();
        if (_app is not null)
        {
            await _app.StopAsync();
            return;
        }

        using var limit = new CancellationTokenSource(Timeout);
        await _engine.Sessions.WhenEndedAsync(limit.Token);
        await _server.Context.Running.WhenNoneAsync(limit.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _app?.Dispose();
    }
}
