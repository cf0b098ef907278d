using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>An Engine.IO server without Socket.IO on a real Kestrel; it sends every message back.</summary>
internal sealed class EngineHost : IEngineApplication, IAsyncDisposable
{
    public const string Path = "/engine.io/";

    private readonly ConcurrentDictionary<string, EngineClient> _clients = new();
    private readonly Func<EngineClient, EnginePacket, ValueTask>? _onMessage;

    private EngineHost(Func<EngineClient, EnginePacket, ValueTask>? onMessage) => _onMessage = onMessage;

    public TestHost Web { get; private set; } = null!;

    public EngineServer Engine { get; private set; } = null!;

    /// <summary>Lines at Error that a test brings about on purpose.</summary>
    public int ExpectedErrors { get; set; }

    public FakeClock Time => Web.Time;

    public HttpClient Http => Web.Http;

    /// <param name="options">Changes the defaults.</param>
    /// <param name="onMessage">Instead of the echo.</param>
    /// <param name="build">Adds services.</param>
    /// <param name="use">Adds middleware before the endpoint.</param>
    /// <param name="endpoint">Adds conventions to it.</param>
    public static async Task<EngineHost> StartAsync(
        Action<EngineOptions>? options = null,
        Func<EngineClient, EnginePacket, ValueTask>? onMessage = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        Action<IEndpointConventionBuilder>? endpoint = null)
    {
        var host = new EngineHost(onMessage);
        var settings = new EngineOptions();
        options?.Invoke(settings);
        host.Web = await TestHost.StartAsync(build: build, use: app =>
        {
            use?.Invoke(app);
            host.Engine = new(settings, host, app.Services.GetRequiredService<TimeProvider>(), app.Logger, new(new("EngineHost"), () => []), new(TimeProvider.System));
            app.Lifetime.ApplicationStopping.Register(host.Engine.Stop);
            var mapped = EngineEndpoint.Map(app, "/engine.io", host.Engine.ServeAsync);
            endpoint?.Invoke(mapped);
        });
        return host;
    }

    /// <summary>Called in the middle of a handshake, before the session has its client.</summary>
    public Action? OnOpening { get; set; }

    public IEngineClient CreateClient(EngineSession session)
    {
        OnOpening?.Invoke();
        return _clients[session.Id] = new(session, _onMessage);
    }

    /// <summary>The server's side of a session, open or not.</summary>
    public EngineClient Find(string sid) => _clients[sid];

    public EngineClient Find(PollingClient client) => Find(client.Sid);

    /// <summary>The server's side of every session there ever was.</summary>
    public ICollection<EngineClient> All => _clients.Values;

    /// <summary>The server's side of the only session there ever was.</summary>
    public EngineClient Single() => _clients.Values.Single();

    /// <summary>The server's side of the only session that is open.</summary>
    public EngineClient SingleOpen() => _clients.Values.Single(client => client.Session.IsOpen);

    /// <param name="eio">The revision.</param>
    /// <param name="query">More of the query, as "&amp;b64=1".</param>
    public Task<PollingClient> PollAsync(int eio = 4, string query = "") => PollingClient.ConnectAsync(Web, eio, query, Path);

    /// <summary>A WebSocket with its open packet read.</summary>
    public Task<SocketClient> ConnectAsync(int eio = 4, string query = "") => SocketClient.ConnectAsync(Web, eio, query, Path);

    /// <summary>A WebSocket with nothing read.</summary>
    public Task<SocketClient> OpenAsync(int eio = 4, string query = "", Action<ClientWebSocketOptions>? options = null) =>
        SocketClient.OpenAsync(Web, eio, query, options, Path);

    /// <summary>The second WebSocket of a session that polls.</summary>
    public Task<SocketClient> ProbeAsync(PollingClient client, int eio = 4) => OpenAsync(eio, $"&sid={client.Sid}");

    /// <summary>A poll that has arrived and waits; the task inside is its body.</summary>
    public async Task<Pending<string>> StartPollAsync(PollingClient client)
    {
        var poll = client.PollAsync();
        await Eventually.TrueAsync(() => Find(client).Session.Outbox.Lease.CurrentCount == 0 || poll.IsCompleted, "the poll has arrived");
        return new(poll);
    }

    /// <summary>Status and body of any request to the endpoint.</summary>
    public async Task<(int Status, string Body)> RequestAsync(string query, string method = "GET", Action<HttpRequestMessage>? change = null)
    {
        var answer = await AskAsync(Path + query, method, change);
        return (answer.Status, answer.Body);
    }

    /// <summary>The whole answer to any request.</summary>
    public async Task<Answer> AskAsync(string url, string method = "GET", Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new(method), url);
        change?.Invoke(request);
        using var response = await Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Web.DisposeAsync();
    }

    // Timers, sessions and log as a server has them that nobody uses; time runs, for some goodbyes take theirs.
    private async Task EndAsync()
    {
        Http.CancelPendingRequests();
        Engine.Stop();
        await Eventually.TrueAsync(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                // A session leaves the table before it says so upwards.
                return Engine.Sessions.Count == 0 && Time.ArmedTimers == 0 && _clients.Values.All(client => client.Ends > 0);
            },
            () => $"baseline: {Engine.Sessions.Count} sessions and {Time.ArmedTimers} timers are left");
        Assert.All(_clients.Values, client => Assert.Equal(1, client.Ends));
        Assert.Equal(ExpectedErrors, Web.Log.Errors.Count());
    }
}

/// <summary>Something that is on its way; wrapped, or an async method would await it.</summary>
internal readonly record struct Pending<T>(Task<T> Task);
