using System.Runtime.CompilerServices;

namespace Demo;

/// <summary>A stand-in for real work: so many steps, a little time each. Ends early when the client is gone.</summary>
internal sealed partial class Job(TimeProvider time, ILogger<Job> log)
{
    private const int MostSteps = 100;
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(400);

    private static readonly string[] Tasks = ["reading the files", "sorting", "counting", "comparing", "writing the report"];

    public async IAsyncEnumerable<Progress> RunAsync(int wanted, [EnumeratorCancellation] CancellationToken gone)
    {
        var steps = Math.Clamp(wanted, 1, MostSteps);
        try
        {
            for (var step = 1; step <= steps; step++)
            {
                await Task.Delay(StepTime, time, gone);
                yield return new(step, steps, Tasks[(step - 1) * Tasks.Length / steps], 100 * step / steps);
            }
        }
        finally
        {
            if (gone.IsCancellationRequested) LogCancelled();
        }
    }

    internal sealed record Progress(int Step, int Steps, string Text, int Percent);
}
