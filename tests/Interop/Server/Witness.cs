using System.Collections.Concurrent;

namespace SocketIOServer.Interop.Server;

/// <summary>What the tests ask beside the connection under test: handshakes counted on the wire, why a socket left, and to end one.</summary>
internal sealed class Witness
{
    private readonly ConcurrentDictionary<string, int> _handshakes = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _reasons = new();

    public static Witness Map(WebApplication app)
    {
        var witness = new Witness();
        app.Use((context, next) =>
        {
            witness.Count(context.Request);
            return next(context);
        });
        app.MapGet("/handshakes", (string run) => witness._handshakes.GetValueOrDefault(run));
        // Answers as soon as the socket has left, so that no test has to ask again and again.
        app.MapGet("/reason", async (string id, CancellationToken gone) => Results.Json(await witness.ReasonOf(id).Task.WaitAsync(gone)));
        // From outside of any handler, so that it comes at a moment of the test's choice.
        app.MapGet("/kick", async (string id, ISocketServer server, [FromKeyedServices("msgpack")] ISocketServer other) =>
        {
            // An id is known to one of them.
            await server.To(id).DisconnectAsync(close: true);
            await other.To(id).DisconnectAsync(close: true);
            return true;
        });
        return witness;
    }

    public void Left(string id, string reason) => ReasonOf(id).TrySetResult(reason);

    private TaskCompletionSource<string> ReasonOf(string id) =>
        _reasons.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Count(HttpRequest request)
    {
        // A request with a session id continues a connection; only one without opens another.
        if (request.Query.ContainsKey("EIO") && !request.Query.ContainsKey("sid"))
            _handshakes.AddOrUpdate(request.Query["run"].ToString(), 1, (_, count) => count + 1);
    }
}
