using System.Security.Claims;
using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.Tests.Inboxes;

/// <summary>A server with inboxes, whose clients are the users that they name.</summary>
internal sealed class InboxStage : IAsyncDisposable
{
    private readonly Inbox<ISocket> _joined = new();
    private readonly Inbox<ISocket> _left = new();

    public required TestHost Host { get; set; }

    public ISocketServer Io => Host.Io;

    public static async Task<InboxStage> StartAsync(Action<InboxOptions>? inbox = null, Action<SocketServerOptions>? options = null, Action<WebApplicationBuilder>? build = null, Action<SocketEndpointBuilder>? map = null)
    {
        var stage = new InboxStage { Host = null! };
        stage.Host = await TestHost.StartAsync(
            io =>
            {
                io.OnConnected((ISocket socket) => stage._joined.Add(socket)).OnDisconnected((ISocket socket) => stage._left.Add(socket)).OnPing();
                map?.Invoke(io);
            },
            o =>
            {
                o.Inbox = new();
                inbox?.Invoke(o.Inbox);
                options?.Invoke(o);
            },
            build,
            app => app.Use((context, next) =>
            {
                if (context.Request.Query["user"].ToString() is { Length: > 0 } user) context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user)], "test"));
                return next();
            }));
        return stage;
    }

    public async Task<SocketClient> JoinAsync(string? user)
    {
        var client = await SocketClient.ConnectAsync(Host, query: user is null ? "" : $"&user={user}");
        Wire.IdOf(await client.AskAsync("40"));
        await _joined.NextAsync();
        return client;
    }

    public async Task LeaveAsync(SocketClient client)
    {
        client.Raw.Abort();
        await _left.NextAsync();
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
