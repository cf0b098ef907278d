using System.Collections.Concurrent;

namespace Chat.Storage.Sqlite;

/// <summary>Connections that read, a few at a time. SQLite knows no asynchronous calls, so they run on the pool and no handler's thread is held.</summary>
internal sealed class SqliteReaders(string file) : IDisposable
{
    private const int Most = 8;

    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentBag<SqliteSession> _idle = [];

    public async Task<T> RunAsync<T>(Func<SqliteSession, T> read)
    {
        await _free.WaitAsync();
        try
        {
            return await Task.Run(() =>
            {
                if (!_idle.TryTake(out var session)) session = new(file);
                try
                {
                    return read(session);
                }
                finally
                {
                    _idle.Add(session);
                }
            });
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        foreach (var session in _idle) session.Dispose();
        _free.Dispose();
    }
}
