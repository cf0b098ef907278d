using SocketIOServer;

namespace Demo;

/// <summary>Namespace "/testnamespace": a page follows a long job on the server while it runs, and can call it off.</summary>
internal static class Jobs
{
    private const string Running = "job";

    public static void Map(ISocketNamespaceBuilder jobs) => jobs
        // Concurrent: by itself an event waits for the one before it, and "cancel_job" would come when the job is over.
        .On("run_job", [Concurrent(2)] async (JobRequest request, ISocket socket, Job job, CancellationToken gone) =>
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
            return new JobResult(done, cancel.IsCancellationRequested ? "cancelled" : "done");
        })
        .On("cancel_job", (ISocket socket) => socket.Data.Get<CancellationTokenSource>(Running)?.Cancel());

    private sealed record JobRequest(int Steps = 10);

    private sealed record JobResult(int Steps, string Text);
}
