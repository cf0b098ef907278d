namespace Demo;

internal sealed partial class Job
{
    [LoggerMessage(2, LogLevel.Information, "Job cancelled after {Done} of {Steps} steps")]
    private partial void LogCancelled(int done, int steps);
}
