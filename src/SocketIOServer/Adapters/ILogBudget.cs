namespace SocketIOServer.Adapters;

/// <summary>What all logs of a server may keep together.</summary>
internal interface ILogBudget
{
    bool IsExceeded { get; }

    /// <summary>Counts bytes that a log keeps now, or no longer.</summary>
    void Add(long bytes);

    /// <summary>A log that was empty keeps an event, and must be asked from time to time to drop old ones.</summary>
    void OnFilled(EventLog log);
}
