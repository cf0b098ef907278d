using System.Collections.Concurrent;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// The questions of one namespace that wait for other servers. Each ends when all who are expected have answered, at its deadline at the latest, with what is
/// known and the names of those who are missing. A mute server is never an exception.
/// </summary>
internal sealed class ClusterRequests
{
    private const int MaxOpen = 1024;

    // Clients cause these, also while a server is silent. They leave room for the questions of the program.
    private const int MaxOpenForClients = 1024;

    private readonly ClusterNode _node;
    private readonly string _namespace;
    private readonly bool _isDeclared;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, ClusterQuestion> _open = new(StringComparer.Ordinal);
    private bool _isListening;
    private int _openForClients;

    private readonly ForeignServers _foreign;

    public ClusterRequests(ClusterNode node, AdapterContext context, ForeignServers foreign) =>
        (_node, _namespace, _isDeclared, _foreign) = (node, context.Namespace, context.IsDeclared, foreign);

    public int OpenCount => _open.Count;

    /// <summary>Answers to the questions that are open.</summary>
    public int AnswerCount => _open.Sum(static entry => entry.Value.Answers.Count);

    public ClusterQuestion? Find(string? id) => id is null ? null : _open.GetValueOrDefault(id);

    /// <summary>A server that is none of ours is no longer there.</summary>
    public void OnForeignGone(string sender, bool saidBye)
    {
        foreach (var (_, question) in _open) question.OnGone(sender, saidBye);
    }

    /// <summary>Null: too many are open.</summary>
    /// <param name="endsWithFirst">See <see cref="ClusterQuestion.EndsWithFirst"/>. Such a question is for a client that wants its session.</param>
    public ClusterQuestion? Open(bool endsWithFirst = false)
    {
        var forClients = Volatile.Read(ref _openForClients);
        if (endsWithFirst ? forClients >= MaxOpenForClients : _open.Count - forClients >= MaxOpen) return null;
        var question = new ClusterQuestion(_node.Wire.NewId(), _node.Answers) { EndsWithFirst = endsWithFirst };
        lock (_gate)
        {
            _open[question.Id] = question;
            if (endsWithFirst) _openForClients++;
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
        question.Close();
        lock (_gate)
        {
            if (_open.TryRemove(question.Id, out _) && question.EndsWithFirst) _openForClients--;
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
    /// <param name="deadline">When the wait ends.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task AskAsync(ClusterQuestion question, Func<bool, bool> publish, bool isListening, Deadline deadline, CancellationToken cancel)
    {
        var count = await CountAsync(_node.Wire.CountChannel(_namespace), deadline, cancel);
        var dead = _node.Members.DeadCount == 0 ? 0 : await CountDeadAsync(deadline, cancel);
        string[] ours = [.. _node.Members.Others.Select(static other => other.Sender)];
        var foreign = _foreign.Known();
        // Those that the engine counts and that can answer. A server that is stopped, not killed, is subscribed as before.
        var others = Math.Max(0, count - (isListening ? 1 : 0) - dead);
        if (!publish(foreign.Count > 0 || others > (_isDeclared ? ours.Length : 0)))
        {
            // Nobody was asked, so nobody is waited for.
            question.Expect(0, ours);
            return;
        }

        // Fewer than there should be, or the engine does not count: some do not have the namespace in use, or have lost their connection to the engine.
        // The former say so; the latter are missing.
        // Where clients name the namespace, those who are counted may be others, such as servers of Node.
        if (others < ours.Length || !_isDeclared) _node.Members.Ask(_namespace, question.Id);
        question.Expect(others, count < 0 || others >= ours.Length + foreign.Count ? ours.Concat(foreign) : ours);
        try
        {
            await question.Done.WaitAsync(deadline.Left, _node.Time, cancel);
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

    private void OnNotInUse(string sender, string id) => Find(id)?.OnNotInUse(sender);

    // All of ours listen to the channel of the nodes, and nobody else does: whom it has beyond those that are there has gone without a word.
    private async Task<int> CountDeadAsync(Deadline deadline, CancellationToken cancel)
    {
        var count = await CountAsync(_node.Wire.NodesChannel, deadline, cancel);
        var dead = Math.Clamp(count - 1 - _node.Members.Count, 0, _node.Members.DeadCount);
        if (count > 0 && dead == 0) _node.Members.ForgetDead();
        return dead;
    }

    private async Task<int> CountAsync(string channel, Deadline deadline, CancellationToken cancel)
    {
        if (_node.Bus.State is BusState.Down or BusState.Deaf) return -1;
        try
        {
            var counting = _node.Bus.CountAsync(channel, cancel);
            if (counting.IsCompletedSuccessfully) return counting.Result;
            return await counting.AsTask().WaitAsync(deadline.LeftFor(_node.Options.RequestTimeout), _node.Time, cancel);
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // A bus that fails to count does not know the count.
            return -1;
        }
    }
}
