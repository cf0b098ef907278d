namespace SocketIOServer.Cluster;

/// <summary>
/// A question to the other servers: who has answered, and whether enough have. A server answers once; one that dies is missing and not waited for, one
/// that says goodbye has nothing to say.
/// </summary>
internal sealed class ClusterQuestion(string id)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly List<ClusterMessage> _answers = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _expected = int.MaxValue;
    private HashSet<string> _required = [];

    public string Id => id;

    /// <summary>Completes when all who are expected have answered.</summary>
    public Task Done => _done.Task;

    public IReadOnlyList<ClusterMessage> Answers
    {
        get
        {
            lock (_gate) return [.. _answers];
        }
    }

    /// <summary>How many of those expected have neither answered nor said goodbye.</summary>
    public int MissingCount
    {
        get
        {
            lock (_gate) return Math.Max(0, _expected - _answered.Count - _gone.Count) + _failed.Count;
        }
    }

    /// <summary>Who answers: so many servers, and these among them. Answers may have come before.</summary>
    public void Expect(int count, IEnumerable<string> required)
    {
        lock (_gate)
        {
            _required = [.. required];
            _expected = Math.Max(count, _required.Count);
            CompleteIfDone();
        }
    }

    /// <summary>An answer that is kept.</summary>
    public void OnAnswer(in ClusterMessage answer)
    {
        lock (_gate)
        {
            if (!_answered.Add(answer.Sender)) return;
            _answers.Add(answer);
            CompleteIfDone();
        }
    }

    /// <summary>A server has told all that it has to tell. False: it had before.</summary>
    public bool OnHeard(string sender)
    {
        lock (_gate)
        {
            if (!_answered.Add(sender)) return false;
            CompleteIfDone();
            return true;
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

    /// <summary>Whether a server is among those that are missing, as far as they are known by name.</summary>
    public bool IsMissing(string sender)
    {
        lock (_gate) return _failed.Contains(sender) || !_answered.Contains(sender) && !_gone.Contains(sender);
    }

    private void CompleteIfDone()
    {
        if (_answered.Count + _gone.Count >= _expected && _required.All(one => _answered.Contains(one) || _gone.Contains(one))) _done.TrySetResult();
    }
}
