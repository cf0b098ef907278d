using System.Runtime.CompilerServices;

namespace Demo;

/// <summary>A stand-in for real work: so many steps, a little time each. Cancelled, it ends with the steps that are done.</summary>
internal sealed partial class Job(TimeProvider time, ILogger<Job> log)
{
    private const int MostSteps = 100;
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(400);

    private static readonly string[] Tasks = ["reading the files", "sorting", "counting", "comparing", "writing the report"];

    public async IAsyncEnumerable<Progress> RunAsync(int wanted, [EnumeratorCancellation] CancellationToken cancel)
    {
        var steps = Math.Clamp(wanted, 1, MostSteps);
        for (var step = 1; step <= steps; step++)
        {
            await Task.Delay(StepTime, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancel.IsCancellationRequested)
            {
                LogCancelled(step - 1, steps);
                yield break;
            }

            yield return new(step, steps, Tasks[(step - 1) * Tasks.Length / steps], 100 * step / steps);
        }
    }

    internal sealed record Progress(int Step, int Steps, string Text, int Percent);
}
