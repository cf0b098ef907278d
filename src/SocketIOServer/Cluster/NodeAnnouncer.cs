namespace SocketIOServer.Cluster;

/// <summary>What this server tells the others of itself, on a channel of their own. <see cref="Membership"/> hears what they tell.</summary>
internal sealed class NodeAnnouncer(ClusterNode node)
{
    // With more servers than these, their answers to one that comes are spread over a time, so that it does not get all of them at once.
    private const int MaxAtOnce = 8;
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private ITimer? _answer;
    private bool _isAnswering;
    private bool _isStopped;

    /// <summary>See <see cref="Membership.IsObserver"/>.</summary>
    public bool IsObserver { get; set; }

    /// <summary>This server stops and takes no new clients.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Emitters have asked who is there.</summary>
    public bool HasEmitters { get; set; }

    /// <summary>This server is there, for the first time or again, and wants to know the others.</summary>
    public void Hello() => TellWithNumbers("hello", whole: true);

    /// <summary>This server is still there.</summary>
    public void Beat() => TellWithNumbers("beat", whole: false);

    /// <summary>Another server has said hello.</summary>
    public void Answer(int others)
    {
        if (others <= MaxAtOnce)
        {
            AnswerNow();
            return;
        }

        lock (_gate)
        {
            // One answer is for all that have come meanwhile.
            if (_isStopped || _isAnswering) return;
            _isAnswering = true;
        }

        var timer = node.Time.CreateTimer(static state => ((NodeAnnouncer)state!).AnswerLate(), this, Spread * Random.Shared.NextDouble(), Timeout.InfiniteTimeSpan);
        ITimer? ended;
        lock (_gate) (ended, _answer) = (_answer, timer);
        ended?.Dispose();
    }

    /// <summary>This server goes, and answers nobody any more.</summary>
    public void Bye()
    {
        EndAnswers();
        TellWithNumbers("bye", whole: true);
        if (HasEmitters) Tell("bye", toEmitters: true);
    }

    /// <summary>Answers nobody any more.</summary>
    public void EndAnswers()
    {
        ITimer? answer;
        lock (_gate)
        {
            _isStopped = true;
            answer = _answer;
        }

        answer?.Dispose();
    }

    /// <summary>Publishes a message of the nodes. Its kinds are those of <see cref="NodeMessage"/>.</summary>
    public void Tell(string kind, string? name = null, string? requestId = null, bool toEmitters = false)
    {
        if (IsObserver)
        {
            if (kind is not ("hello" or "beat" or "ask")) return;
            kind = "who";
        }

        Publish(Own(kind) with { Namespace = name, RequestId = requestId }, toEmitters);
    }

    private void AnswerNow() => TellWithNumbers("beat", whole: true);

    private void AnswerLate()
    {
        lock (_gate)
        {
            _isAnswering = false;
            if (_isStopped) return;
        }

        try
        {
            AnswerNow();
        }
        catch (Exception e)
        {
            // A bus of a third party; nothing may escape to the timer's thread.
            Membership.LogFailed(node.Logger, e);
        }
    }

    // What does not fit into the message comes before it.
    private void TellWithNumbers(string kind, bool whole)
    {
        if (IsObserver || node.Log is not null)
        {
            Tell(kind);
            return;
        }

        var statistics = node.Bus.Statistics;
        var parts = node.Sent.Take(whole);
        for (var i = 0; i < parts.Count; i++)
        {
            var isLast = i == parts.Count - 1;
            var message = Own(isLast ? kind : "sent") with { Sent = parts[i], Lost = statistics.Dropped + statistics.Uncertain, IsWhole = whole && isLast, IsPartial = node.Sent.IsPartial };
            if (!Publish(message)) node.Sent.PutBack(parts[i]);
        }
    }

    private NodeMessage Own(string kind)
    {
        var (id, address) = (node.Id, node.Address);
        var message = new NodeMessage(kind, node.Sender, id, node.Options.NodeName, node.Form, Bridges: node.Bridges) { Since = node.Since, IsLeaving = IsLeaving };
        return kind is "hello" or "beat" && address is not null && node.Key is { } key ? message with { Address = address, Seal = NodeSeal.Of(key, node.Sender, id, address) } : message;
    }

    private bool Publish(NodeMessage message, bool toEmitters = false) => node.Bus.Publish(toEmitters ? node.Wire.EmittersChannel : node.Wire.NodesChannel, message.Write());
}
