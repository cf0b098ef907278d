using Microsoft.Extensions.Logging;

namespace SocketIOServer.Postgres;

/// <summary>What goes wrong with single messages, while the connections are in order. Each is in the log at most once in 10 s.</summary>
public sealed partial class PostgresBus
{
    private readonly Lock _faults = new();
    private readonly Dictionary<int, long> _lastLogged = [];
    private long _lost;

    /// <summary>Messages of other servers that could not be loaded from the table.</summary>
    internal long Lost => Interlocked.Read(ref _lost);

    void IAttachmentFaults.OnNotLoaded(Exception exception)
    {
        if (IsTimeToLog(62)) LogNotLoaded(_logger, exception, _options.TableName);
    }

    void IAttachmentFaults.OnGone(string channel, long id)
    {
        var lost = Interlocked.Increment(ref _lost);
        if (IsTimeToLog(63)) LogGone(_logger, id, LogName(channel), _options.TableName, lost);
    }

    void IAttachmentFaults.OnNotCleaned(Exception exception)
    {
        if (IsTimeToLog(64)) LogNotCleaned(_logger, exception, _options.TableName);
    }

    private void OnRefused(int messages, Exception exception)
    {
        CountUnsent(messages);
        if (IsTimeToLog(61)) LogRefused(_logger, exception, messages);
    }

    private void OnTooManyWait()
    {
        var lost = Interlocked.Increment(ref _lost);
        if (IsTimeToLog(65)) LogTooManyWait(_logger, MaxWaiting, lost);
    }

    private bool IsTimeToLog(int id)
    {
        lock (_faults)
        {
            var now = _time.GetTimestamp();
            if (_lastLogged.TryGetValue(id, out var last) && _time.GetElapsedTime(last, now) < TimeSpan.FromSeconds(10)) return false;
            _lastLogged[id] = now;
            return true;
        }
    }

    // A client names dynamic namespaces: the log gets no line breaks of its.
    private static string LogName(string channel) => string.Concat(channel.Select(static letter => char.IsControl(letter) ? '?' : letter));

    [LoggerMessage(60, LogLevel.Warning, "The table {Table} is not there, so messages that have binary or are longer than 7,999 bytes are lost. It is made by: {Sql}")]
    private static partial void LogNoTable(ILogger logger, Exception? exception, string table, string sql);

    [LoggerMessage(61, LogLevel.Warning, "PostgreSQL refused {Count} messages to other servers. They are lost. This line is written at most once in 10 s.")]
    private static partial void LogRefused(ILogger logger, Exception exception, int count);

    [LoggerMessage(62, LogLevel.Warning, "Messages of other servers could not be read from the table {Table}. This line is written at most once in 10 s.")]
    private static partial void LogNotLoaded(ILogger logger, Exception exception, string table);

    [LoggerMessage(63, LogLevel.Warning, "The message {Id} on {Channel} is not in the table {Table}, or is too large. {Lost} were lost since the start. This line is written at most once in 10 s.")]
    private static partial void LogGone(ILogger logger, long id, string channel, string table, long lost);

    [LoggerMessage(64, LogLevel.Warning, "Old messages could not be removed from the table {Table}. This line is written at most once in 10 s.")]
    private static partial void LogNotCleaned(ILogger logger, Exception exception, string table);

    [LoggerMessage(65, LogLevel.Warning, "More than {Max} messages wait for others that are read from the table. {Lost} were lost since the start. This line is written at most once in 10 s.")]
    private static partial void LogTooManyWait(ILogger logger, int max, long lost);

    [LoggerMessage(66, LogLevel.Error, "The bus cannot listen to {Channel}: a channel of PostgreSQL has a name of at most {Max} bytes without a NUL, and no prefix.")]
    private static partial void LogNoChannel(ILogger logger, string channel, int max);
}
