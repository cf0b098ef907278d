using System.Collections.Concurrent;
using System.Security.Claims;

namespace SocketIOServer.Interop.Server;

/// <summary>Connections that the server cuts, events that clients send again, and events that wait for them: <c>cases/retrying.mjs</c>.</summary>
internal sealed class Retrying
{
    private readonly ConcurrentDictionary<string, Client> _clients = new();

    /// <summary>A request whose query names a client can be cut. One that names a user is signed in.</summary>
    public static Retrying Use(WebApplication app)
    {
        var retrying = new Retrying();
        app.Use(async (context, next) =>
        {
            if (context.Request.Query["user"].ToString() is { Length: > 0 } user) context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user)], "test"));
            if (context.Request.Query["client"].ToString() is not { Length: > 0 } name)
            {
                await next();
                return;
            }

            var client = retrying.Of(name);
            client.Begin(context);
            try
            {
                await next();
            }
            finally
            {
                client.End(context);
            }
        });
        app.MapGet("/cut", (string name) => retrying.Of(name).Cut());
        app.MapGet("/handled", (string name) => retrying.Of(name).Handled);
        return retrying;
    }

    public void Map(SocketNamespaceBuilder ns) => ns
        .OnConnected((ISocket socket) =>
        {
            if (socket.Handshake.Query["client"].ToString() is { Length: > 0 } name) Of(name).Connected.TrySetResult();
        })
        .On("step", async (string name, int number, string cut, [RetryKey] string key) =>
        {
            var client = Of(name);
            client.Handled.Enqueue(number);
            client.Connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (cut != "") client.Cut();
            // The client sends the event again while it is handled.
            if (cut == "while") await client.Connected.Task.WaitAsync(TimeSpan.FromSeconds(20));
            return number;
        })
        .On("keep", async (string user, int from, int count, ISocketNamespace here) =>
        {
            for (var i = from; i < from + count; i++) await here.ToUser(user).Durable.EmitAsync("kept", i);
        });

    private Client Of(string name) => _clients.GetOrAdd(name, static _ => new());

    private sealed class Client
    {
        private readonly Lock _gate = new();
        private readonly HashSet<HttpContext> _requests = [];

        public ConcurrentQueue<int> Handled { get; } = new();

        public TaskCompletionSource Connected { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Begin(HttpContext request)
        {
            lock (_gate) _requests.Add(request);
        }

        public void End(HttpContext request)
        {
            lock (_gate) _requests.Remove(request);
        }

        // A request that has ended cannot be aborted, so none ends meanwhile.
        public int Cut()
        {
            lock (_gate)
            {
                HttpContext[] requests = [.. _requests];
                foreach (var request in requests) request.Abort();
                return requests.Length;
            }
        }
    }
}
