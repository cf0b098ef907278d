using System.Threading.Channels;

namespace Chat.Storage.Sqlite;

/// <summary>
/// The one connection that writes. What comes while a commit is on its way shares the next one, so many users cost one wait for the disk.
/// A call completes after the commit: whoever acks then has not promised too much.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostInOneCommit = 256;

    private readonly SqliteSession _session;
    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(16 * MostInOneCommit) { SingleReader = true });
    private readonly Task _loop;

    public SqliteWriter(string file)
    {
        _session = new(file);
        Schema.Upgrade(_session);
        // A thread of its own: it waits for the disk, and a server with few cores has few threads in its pool to go on meanwhile.
        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What it throws undoes this call alone.</summary>
    /// <param name="write">Runs in a transaction.</param>
    /// <param name="tell">Runs after the commit, one call's before the next one's in the order of the writes. The writer waits for it: it must not wait itself.</param>
    public async Task<T> RunAsync<T>(Func<SqliteSession, T> write, Action<T>? tell = null)
    {
        var job = new Job<T>(write, tell);
        await _jobs.Writer.WriteAsync(job);
        return await job.Committed;
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _loop;
        _session.Dispose();
    }

    private void Run()
    {
        var batch = new List<Job>(MostInOneCommit);
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MostInOneCommit && _jobs.Reader.TryRead(out var job)) batch.Add(job);
            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<Job> batch)
    {
        try
        {
            _session.Run("BEGIN IMMEDIATE");
            foreach (var job in batch) job.Run(_session);
            _session.Run("COMMIT");
            foreach (var job in batch) job.Complete();
        }
        catch (Exception e)
        {
            // The disk is full or gone. Each caller is told; the next batch tries anew.
            foreach (var job in batch) job.Fail(e);
            Undo();
        }
    }

    private void Undo()
    {
        try
        {
            _session.Run("ROLLBACK");
        }
        catch (Exception)
        {
            // SQLite has rolled back by itself.
        }
    }

    private abstract class Job
    {
        public abstract void Run(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception error);
    }

    private sealed class Job<T>(Func<SqliteSession, T> write, Action<T>? tell) : Job
    {
        private readonly TaskCompletionSource<T> _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;
        private Exception? _error;

        public Task<T> Committed => _committed.Task;

        public override void Run(SqliteSession session)
        {
            session.Run("SAVEPOINT job");
            try
            {
                _result = write(session);
            }
            catch (Exception e)
            {
                _error = e;
                session.Run("ROLLBACK TO job");
            }

            session.Run("RELEASE job");
        }

        public override void Complete()
        {
            try
            {
                if (_error is null) tell?.Invoke(_result);
            }
            catch (Exception e)
            {
                // The caller's to know, and nobody else's: it is written, and what others wrote is still to be told.
                _error = e;
            }

            if (_error is null) _committed.TrySetResult(_result);
            else _committed.TrySetException(_error);
        }

        public override void Fail(Exception error) => _committed.TrySetException(_error ?? error);
    }
}
