namespace Demo;

internal sealed partial class Job
{
    [LoggerMessage(2, LogLevel.Information, "Job cancelled: its client is gone")]
    private partial void LogCancelled();
}
