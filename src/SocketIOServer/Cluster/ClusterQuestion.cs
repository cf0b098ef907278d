namespace SocketIOServer.Cluster;

/// <summary>
/// A question to the other servers: who has answered, and whether enough have. A server answers once; one that dies is missing and not waited for, one
/// that says goodbye has nothing to say.
/// </summary>
internal sealed class ClusterQuestion(string id, AnswerBudget budget)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly List<ClusterMessage> _answers = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _expected = int.MaxValue;
    private int _notInUse;
    private long _bytes;
    private bool _isClosed;
    private HashSet<string> _required = [];

    public string Id => id;

    /// <summary>One answer that is none of <see cref="OnFailed"/> is enough.</summary>
    public bool EndsWithFirst { get; init; }

    /// <summary>Completes when all who are expected have answered.</summary>
    public Task Done => _done.Task;

    public IReadOnlyList<ClusterMessage> Answers
    {
        get
        {
            lock (_gate) return [.. _answers];
        }
    }

    /// <summary>Who answers: so many servers that have the namespace in use, and these, which either answer or say that they do not have it. They may have done so before.</summary>
    public void Expect(int count, IEnumerable<string> required)
    {
        lock (_gate)
        {
            _required = [.. required];
            _expected = count;
            CompleteIfDone();
        }
    }

    /// <summary>An answer that is kept, if there is room for it.</summary>
    public void OnAnswer(in ClusterMessage answer, int bytes)
    {
        lock (_gate)
        {
            var name = NameOf(answer.Sender);
            if (!_answered.Add(name)) return;
            if (TryKeep(bytes)) _answers.Add(answer);
            else _failed.Add(name);
            if (EndsWithFirst) _done.TrySetResult();
            CompleteIfDone();
        }
    }

    /// <summary>Room for a part of an answer, which is kept elsewhere until the question is closed. False: there is none.</summary>
    public bool TryKeep(int bytes)
    {
        lock (_gate)
        {
            if (_isClosed || !budget.TryTake(bytes)) return false;
            _bytes += bytes;
            return true;
        }
    }

    /// <summary>Its answers are read, and nothing is kept any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            budget.Return(_bytes);
            _bytes = 0;
        }
    }

    /// <summary>A server has told all that it has to tell.</summary>
    public void OnHeard(string sender)
    {
        lock (_gate)
        {
            if (_answered.Add(NameOf(sender))) CompleteIfDone();
        }
    }

    /// <summary>A server does not have the namespace in use, so it is none of those that are counted.</summary>
    public void OnNotInUse(string sender)
    {
        lock (_gate)
        {
            if (!_answered.Add(sender)) return;
            _notInUse++;
            CompleteIfDone();
        }
    }

    /// <summary>A server cannot answer.</summary>
    public void OnFailed(string sender)
    {
        lock (_gate)
        {
            if (!_answered.Add(sender)) return;
            _failed.Add(sender);
            CompleteIfDone();
        }
    }

    /// <summary>A server is no longer there. It is missing, unless it has said goodbye.</summary>
    public void OnGone(string sender, bool saidBye)
    {
        lock (_gate)
        {
            if (!_required.Contains(sender) || _answered.Contains(sender)) return;
            if (saidBye)
            {
                _gone.Add(sender);
            }
            else
            {
                _answered.Add(sender);
                _failed.Add(sender);
            }

            CompleteIfDone();
        }
    }

    /// <summary>
    /// The names of those that did not answer: one entry for each, "node.js (unnamed)" for a server that is none of ours. Some of ours may not have the namespace in use, and
    /// nobody knows which: then all that did not answer are named.
    /// </summary>
    /// <param name="asked">Our servers that were there when it was asked.</param>
    public IReadOnlyList<string> MissingOf(IReadOnlyList<RemoteNode> asked)
    {
        int missing;
        string[] named;
        lock (_gate)
        {
            missing = Math.Max(_required.Count(one => !IsDone(one)), _expected - _answered.Count + _notInUse - _gone.Count) + _failed.Count;
            missing = Math.Max(0, missing);
            if (missing == 0) return [];
            named = [.. asked.Where(node => IsMissing(node.Sender)).Select(static node => node.Member.Name)];
        }

        return named.Length >= missing ? named : [.. named, .. Enumerable.Repeat("node.js (unnamed)", missing - named.Length)];
    }

    private bool IsMissing(string sender) => _failed.Contains(sender) || !_answered.Contains(sender) && !_gone.Contains(sender);

    // Each answer that does not say who it is from is taken for one of another server.
    private string NameOf(string sender) => sender == ClusterMessage.Anonymous ? $"?{_answered.Count}" : sender;

    private bool IsDone(string sender) => _answered.Contains(sender) || _gone.Contains(sender);

    private void CompleteIfDone()
    {
        if (_answered.Count - _notInUse + _gone.Count >= _expected && _required.All(IsDone)) _done.TrySetResult();
    }
}
