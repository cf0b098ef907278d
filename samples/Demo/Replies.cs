using SocketIOServer;

namespace Demo;

/// <summary>Namespace "/testnamespace": a handler that says something, works for a while, and says something more.</summary>
internal static class Replies
{
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(5);
    private static readonly Reply Started = new("200", "start to process...");
    private static readonly Reply Processed = new("200", "processed");

    public static void Map(SocketNamespaceBuilder replies) => replies
        .On("request_for_response", async (Request request, ISocket socket, TimeProvider time, CancellationToken gone) =>
        {
            await socket.EmitAsync("response", Started);
            await Task.Delay(Work, time, gone);
            await socket.EmitAsync("response", Processed);
        })
        .On("request_blocking", async (Request request, ISocket socket) =>
        {
            await socket.EmitAsync("response", Started);
            // On purpose, to show that it does no harm to the message above: a handler should never block its thread,
            // but many do (a database driver, a long calculation), and what they have sent must not wait for their end.
#pragma warning disable SIO002
            Thread.Sleep(Work);
#pragma warning restore SIO002
            await socket.EmitAsync("response", Processed);
        });

    private sealed record Request(string? Param);

    private sealed record Reply(string Code, string Msg);
}
