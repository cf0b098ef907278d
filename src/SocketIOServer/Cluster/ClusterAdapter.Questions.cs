namespace SocketIOServer.Cluster;

/// <summary>Asks the other servers, and waits for their answers.</summary>
internal sealed partial class ClusterAdapter
{
    private async Task<(IReadOnlyList<ClusterMessage> Answers, IReadOnlyList<string> MissingNodes)> AskAsync(
        Func<bool, ClusterMessage> ask, TimeSpan? timeout, CancellationToken cancel)
    {
        RemoteNode[] asked = [.. _node.Members.Others];
        if (_hasNoChannel || _requests.Open() is not { } question) return ([], [.. asked.Select(static node => node.Member.Name)]);
        var deadline = new Deadline(_node.Time, timeout ?? _node.Options.RequestTimeout);
        // The namespace may not be in use here: the program asks about clients of the others, and the answers must come in.
        _answers.Use();
        try
        {
            await WhenListeningAsync(deadline, cancel);
            await _requests.AskAsync(question, hasForeign => Publish(ask(hasForeign) with { RequestId = question.Id }), IsInUse, deadline, cancel);
            return (question.Answers, question.MissingOf(asked));
        }
        finally
        {
            _requests.Close(question);
            OnAsked();
            _answers.Release();
        }
    }

    // An answer that comes before this server listens would be lost.
    private async ValueTask WhenListeningAsync(Deadline deadline, CancellationToken cancel)
    {
        var ready = _answers.Ready;
        if (ready.IsCompleted || _node.Bus.State != BusState.Alive) return;
        await ready.WaitAsync(deadline.LeftFor(_node.Options.RequestTimeout), _node.Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }
}
