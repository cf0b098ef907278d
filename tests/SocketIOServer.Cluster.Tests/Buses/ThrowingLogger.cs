using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster.Tests.Buses;

/// <summary>A logger of a program whose provider is broken.</summary>
internal sealed class ThrowingLogger : ILogger
{
    private int _lines;

    public int Lines => Volatile.Read(ref _lines);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref _lines);
        throw new InvalidOperationException("the logger's");
    }
}
