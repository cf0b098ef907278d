using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The program's logging as the server uses it. A provider that throws, or an exception whose text cannot be read, keeps nothing from going on:
/// the server logs in the middle of its own work, and on threads where nobody could catch anything.
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
            // There is nobody to tell.
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
            // As above. Of several providers the others have the line: the framework asks all of them before it throws.
        }
    }

    // Looked at before it is handed on: a provider that fails over it would lose the line.
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
        exception is null ? null : new($"{exception.GetType()}: its text cannot be read.");
}
