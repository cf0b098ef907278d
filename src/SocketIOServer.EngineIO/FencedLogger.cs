using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Wraps the application's logger so that it never throws. The server logs in the middle of its own work, and on threads on which nothing catches exceptions. A
/// provider that throws, or an exception whose text cannot be read, must not interrupt that.
/// </summary>
internal sealed class FencedLogger : ILogger
{
    private readonly ILogger _logger;

    private FencedLogger(ILogger logger) => _logger = logger;

    public static ILogger Around(ILogger logger) => logger as FencedLogger ?? new FencedLogger(logger);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            // There is no place to report it.
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            var readable = Readable(exception);
            _logger.Log(logLevel, eventId, state, readable, formatter);
        }
        catch (Exception)
        {
            // As above. The framework calls all providers before it throws, so the other providers have the line.
        }
    }

    // The text is read before the exception is passed on, because a provider that fails on it would lose the log line.
    private static Exception? Readable(Exception? exception)
    {
        try
        {
            return exception?.Message is null || exception.ToString() is null ? Unreadable(exception) : exception;
        }
        catch (Exception)
        {
            return Unreadable(exception);
        }
    }

    private static InvalidOperationException? Unreadable(Exception? exception) =>
        exception is null ? null : new($"{exception.GetType()}: the text of this exception cannot be read.");
}
