using System.Collections.Concurrent;

namespace SocketIOServer.Cluster;

/// <summary>
/// The questions of one namespace that wait for other servers. Each ends when all who are expected have answered, at its deadline at the latest, with what is
/// known and the names of those who are missing. A mute server is never an exception.
/// </summary>
internal sealed class ClusterRequests
{
    private const int MaxOpen = 1024;
    private const int MaxForeign = 1000;

    private readonly ClusterNode _node;
    private readonly string _namespace;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ClusterQuestion> _open = new(StringComparer.Ordinal);
    private bool _isListening;

    // Servers that are none of ours, such as Node's, and when they answered last.
    private readonly ConcurrentDictionary<string, long> _foreign = new(StringComparer.Ordinal);

    public ClusterRequests(ClusterNode node, string @namespace) => (_node, _namespace) = (node, @namespace);

    public int OpenCount => _open.Count;

    /// <summary>Answers to the questions that are open.</summary>
    public int AnswerCount => _open.Sum(static entry => entry.Value.Answers.Count);

    public ClusterQuestion? Find(string? id) => id is null ? null : _open.GetValueOrDefault(id);

    /// <summary>A server that is none of ours has answered: it will be asked again.</summary>
    public void OnForeign(string sender)
    {
        if (_foreign.Count >= MaxForeign) _foreign.Clear();
        _foreign[sender] = _node.Time.GetTimestamp();
    }

    /// <summary>Null: too many are open.</summary>
    public ClusterQuestion? Open()
    {
        if (_open.Count >= MaxOpen) return null;
        var question = new ClusterQuestion(_node.Wire.NewId());
        lock (_gate)
        {
            _open[question.Id] = question;
            if (_isListening) return question;
            // Only while a question is open: the adapter of a namespace that is forgotten must not be held by the node.
            _isListening = true;
            _node.Members.Gone += OnGone;
            _node.Members.NotInUse += OnNotInUse;
            return question;
        }
    }

    public void Close(ClusterQuestion question)
    {
        lock (_gate)
        {
            _open.TryRemove(question.Id, out _);
            if (!_open.IsEmpty || !_isListening) return;
            _isListening = false;
            _node.Members.Gone -= OnGone;
            _node.Members.NotInUse -= OnNotInUse;
        }
    }

    /// <summary>Publishes a question and waits for the answers. Completes without an exception, but for a cancellation.</summary>
    /// <param name="question">What <see cref="Open"/> returned.</param>
    /// <param name="publish">Publishes it; it is told whether servers that are none of ours may be there. False: the bus has not taken it.</param>
    /// <param name="isListening">This server has the namespace in use, so the engine counts it too.</param>
    /// <param name="timeout">The deadline.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task AskAsync(ClusterQuestion question, Func<bool, bool> publish, bool isListening, TimeSpan timeout, CancellationToken cancel)
    {
        var begin = _node.Time.GetTimestamp();
        var count = await CountAsync(timeout, cancel);
        string[] ours = [.. _node.Members.Others.Select(static other => other.Sender)];
        var foreign = Foreign();
        var others = Math.Max(0, count - (isListening ? 1 : 0));
        if (!publish(foreign.Count > 0 || others > ours.Length + _node.Members.DeadCount))
        {
            // Nobody was asked, so nobody is waited for.
            question.Expect(ours.Length, ours);
            return;
        }

        if (count < 0)
        {
            // The engine does not count: all of ours are asked, and those that do not have the namespace in use say so.
            _node.Members.Ask(_namespace, question.Id);
            question.Expect(ours.Length + foreign.Count, ours.Concat(foreign));
        }
        else
        {
            // A server that died may still be counted, and one of ours that is alive need not have the namespace in use: only if so many are counted
            // that all must have it, each of them is waited for by name.
            question.Expect(Math.Max(others - _node.Members.DeadCount, Math.Min(others, ours.Length)), others >= ours.Length + foreign.Count ? ours.Concat(foreign) : foreign.Take(others));
        }

        try
        {
            if (timeout < TimeSpan.Zero)
            {
                await question.Done.WaitAsync(cancel);
            }
            else
            {
                var left = timeout - _node.Time.GetElapsedTime(begin);
                await question.Done.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _node.Time, cancel);
            }
        }
        catch (TimeoutException)
        {
            // The caller is told who is missing.
        }
    }

    private void OnGone(RemoteNode node, bool saidBye)
    {
        foreach (var (_, question) in _open) question.OnGone(node.Sender, saidBye);
    }

    private void OnNotInUse(string sender, string id) => Find(id)?.OnHeard(sender);

    private HashSet<string> Foreign()
    {
        var now = _node.Time.GetTimestamp();
        foreach (var (sender, heard) in _foreign)
        {
            if (_node.Time.GetElapsedTime(heard, now) > 10 * _node.Options.DeadAfter) _foreign.TryRemove(sender, out _);
        }

        return [.. _foreign.Select(static entry => entry.Key)];
    }

    private async Task<int> CountAsync(TimeSpan timeout, CancellationToken cancel)
    {
        if (_node.Bus.State is BusState.Down or BusState.Deaf) return -1;
        try
        {
            var counting = _node.Bus.CountAsync(_node.Wire.CountChannel(_namespace), cancel);
            if (counting.IsCompletedSuccessfully) return counting.Result;
            return await counting.AsTask().WaitAsync(timeout < TimeSpan.Zero ? _node.Options.RequestTimeout : timeout, _node.Time, cancel);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // A bus that fails to count does not know the count.
            return -1;
        }
    }
}
