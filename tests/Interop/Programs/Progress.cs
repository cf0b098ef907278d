using System.Runtime.CompilerServices;

namespace SocketIOServer.Interop.Programs;

/// <summary>Seed 001: a page follows a long job.</summary>
internal static class Progress
{
    public static void Run(WebApplicationBuilder builder)
    {
        HandMovedClock.Add(builder);
        builder.Services.AddSocketIO();
        builder.Services.AddSingleton<IJob, ThreeSteps>();
        var app = builder.Build();
        HandMovedClock.Map(app);
        app.MapSocketIO().Of("/testnamespace")
            .On("request_for_response", async (Request req, ISocket socket, TimeProvider time, CancellationToken gone) =>
            {
                await socket.EmitAsync("response", new Reply("200", "start to process..."));
                await Task.Delay(TimeSpan.FromSeconds(5), time, gone);
                await socket.EmitAsync("response", new Reply("200", "processed"));
            })
            .On("run_job", async (Request req, ISocket socket, IJob job, CancellationToken gone) =>
            {
                await foreach (var p in job.RunAsync(req.Param, gone)) await socket.EmitAsync("progress", p);
                return new { done = true };
            });
        app.Run();
    }

    private interface IJob
    {
        IAsyncEnumerable<string> RunAsync(string param, CancellationToken gone);
    }

    private sealed class ThreeSteps(TimeProvider time) : IJob
    {
        public async IAsyncEnumerable<string> RunAsync(string param, [EnumeratorCancellation] CancellationToken gone)
        {
            for (var step = 1; step <= 3; step++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, gone);
                yield return $"{param}: {step} of 3";
            }
        }
    }

    private sealed record Request(string Param);

    private sealed record Reply(string Code, string Msg);
}
