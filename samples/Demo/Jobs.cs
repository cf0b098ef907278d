using SocketIOServer;

namespace Demo;

/// <summary>Namespace "/testnamespace": a page follows a long job on the server while it runs, and can call it off.</summary>
internal static class Jobs
{
    private const string Running = "job";

    public static void Map(SocketNamespaceBuilder jobs) => jobs
        // Concurrent, or "cancel_job" would wait for the event before it: for the end of the job.
        .On("run_job", [Concurrent(2)] async (
            Request request, ISocket socket, Job job, CancellationToken gone) =>
        {
            var cancel = new CancellationTokenSource();
            socket.Data.Set(Running, cancel);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, cancel.Token);
            var done = 0;
            await foreach (var progress in job.RunAsync(request.Steps, either.Token))
            {
                await socket.EmitAsync("progress", progress);
                done = progress.Step;
            }

            // The answer to the page's emit: its ack.
            return new Result(done, cancel.IsCancellationRequested ? "cancelled" : "done");
        })
        .On("cancel_job", (ISocket socket) =>
            socket.Data.Get<CancellationTokenSource>(Running)?.Cancel());

    private sealed record Request(int Steps = 10);

    private sealed record Result(int Steps, string Text);
}
