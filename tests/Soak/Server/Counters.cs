using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Soak.Server;

/// <summary>What the server under load counts.</summary>
internal sealed class Counters : ILoggerProvider
{
    private const int MaxTexts = 5;

    private readonly ConcurrentDictionary<long, bool> _marks = new();
    private int _connected;
    private int _errors;
    private int _doubled;
    private int _unobserved;

    public int Connected => _connected;

    public int Errors => _errors;

    public int Doubled => _doubled;

    public int Unobserved => _unobserved;

    public ConcurrentQueue<string> ErrorTexts { get; } = new();

    /// <summary>The first few lines at Warning.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    public ConcurrentDictionary<string, int> Left { get; } = new();

    /// <summary>Session ids of polls that have come and are not answered.</summary>
    public ConcurrentDictionary<string, bool> Polled { get; } = new();

    public void OnConnected() => Interlocked.Increment(ref _connected);

    public void OnDisconnected(LeaveReason reason) => Left.AddOrUpdate(reason.Text, 1, (_, count) => count + 1);

    public void OnUnobserved() => Interlocked.Increment(ref _unobserved);

    /// <summary>Each mark may come once.</summary>
    public void Mark(long mark)
    {
        if (!_marks.TryAdd(mark, true)) Interlocked.Increment(ref _doubled);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
    }

    private void OnLine(LogLevel level, string text)
    {
        if (level == LogLevel.Warning)
        {
            if (Warnings.Count < MaxTexts) Warnings.Enqueue(text);
            return;
        }

        if (Interlocked.Increment(ref _errors) <= MaxTexts) ErrorTexts.Enqueue(text);
    }

    private sealed class Logger(Counters owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.OnLine(logLevel, $"{formatter(state, exception)} {exception}");
    }
}
