using System.Collections.Concurrent;
using System.Collections.Immutable;
using SocketIOServer.Adapters;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>One namespace over several servers. It has an adapter for its own sockets, and tells and asks the others over the link.</summary>
internal sealed class LinkedAdapter : Adapter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly AdapterContext _context;
    private readonly Link _link;
    private readonly string _server;
    private readonly InMemoryAdapter _local;
    private readonly ConcurrentDictionary<int, Question> _questions = new();
    private readonly Lock _gate = new();
    private int _listens;
    private int _latest;

    public LinkedAdapter(AdapterContext context, Link link, string server)
    {
        (_context, _link, _server) = (context, link, server);
        _local = new(context);
    }

    public override void Start() => Listen(1);

    public override void Stop() => Listen(-1);

    public override void Add(Member member) => _local.Add(member);

    public override IReadOnlyCollection<string> Remove(Member member) => _local.Remove(member);

    public override void Join(Member member, ReadOnlySpan<string> rooms) => _local.Join(member, rooms);

    public override void Leave(Member member, ReadOnlySpan<string> rooms) => _local.Leave(member, rooms);

    public override IReadOnlyCollection<string> RoomsOf(Member member) => _local.RoomsOf(member);

    public override Member? Find(string socketId) => _local.Find(socketId);

    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target)
    {
        if (!target.IsLocal) Publish(WithEvent(@event, LinkMessage.For(target, _server, LinkMessageKind.Broadcast)));
        return _local.BroadcastAsync(@event, target);
    }

    public override async ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel)
    {
        await _local.CallAsync(call, target, cancel);
        if (target.IsLocal) return;
        var question = WithEvent(call.Event, LinkMessage.For(target, _server, LinkMessageKind.Call)) with { Timeout = call.Timeout };
        await AskAsync(question, call, call.Timeout, cancel);
    }

    public override async ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel)
    {
        var own = await _local.FetchAsync(target, cancel);
        var others = await AskAsync(target, LinkMessageKind.Fetch, cancel);
        return [.. own, .. others.SelectMany(answer => answer.Sockets)];
    }

    public override async ValueTask<int> CountAsync(Target target, CancellationToken cancel) =>
        await _local.CountAsync(target, cancel) + (await AskAsync(target, LinkMessageKind.Count, cancel)).Sum(answer => answer.Count);

    public override async ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel)
    {
        var own = await _local.RoomsAsync(cancel);
        var others = await AskAsync(Target.Everyone, LinkMessageKind.Rooms, cancel);
        return [.. own.Concat(others.SelectMany(answer => answer.Names)).Distinct(StringComparer.Ordinal)];
    }

    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms)
    {
        if (!target.IsLocal) Publish(LinkMessage.For(target, _server, LinkMessageKind.Join) with { Names = [.. rooms] });
        return _local.JoinAsync(target, rooms);
    }

    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms)
    {
        if (!target.IsLocal) Publish(LinkMessage.For(target, _server, LinkMessageKind.Leave) with { Names = [.. rooms] });
        return _local.LeaveAsync(target, rooms);
    }

    public override ValueTask DisconnectAsync(Target target, bool close)
    {
        if (!target.IsLocal) Publish(LinkMessage.For(target, _server, LinkMessageKind.Disconnect) with { Close = close });
        return _local.DisconnectAsync(target, close);
    }

    private static LinkMessage WithEvent(EncodedEvent @event, LinkMessage message)
    {
        var (json, attachments) = @event.Read();
        return message with { Json = json.ToArray(), Attachments = [.. attachments.Select(attachment => attachment.ToArray())] };
    }

    private void Publish(LinkMessage message) => _link.Publish(_context.Namespace, _server, message.Write());

    private Task<LinkMessage[]> AskAsync(Target target, LinkMessageKind kind, CancellationToken cancel) =>
        target.IsLocal ? Task.FromResult<LinkMessage[]>([]) : AskAsync(LinkMessage.For(target, _server, kind), null, Patience, cancel);

    // Whoever has not answered by then is left out.
    private async Task<LinkMessage[]> AskAsync(LinkMessage message, BroadcastCall? call, TimeSpan timeout, CancellationToken cancel)
    {
        var others = _link.Others(_context.Namespace, _server).Length;
        if (others == 0) return [];
        var id = Interlocked.Increment(ref _latest);
        var question = new Question(others, call);
        _questions[id] = question;
        // The namespace may not be in use here: the program asks about clients of the others, and the answers must come in.
        Listen(1);
        try
        {
            Publish(message with { Id = id });
            await question.Answered.WaitAsync(timeout, _context.Time, cancel);
        }
        catch (TimeoutException)
        {
        }
        finally
        {
            if (call is null) _questions.TryRemove(id, out _);
            // The acks of a call come later than the news of who was asked.
            if (call is null) Listen(-1);
            else _ = StopListeningLaterAsync(id, timeout);
        }

        return question.Answers;
    }

    private async Task StopListeningLaterAsync(int id, TimeSpan delay)
    {
        await Task.Delay(delay, _context.Time, CancellationToken.None);
        _questions.TryRemove(id, out _);
        Listen(-1);
    }

    private void Listen(int change)
    {
        lock (_gate)
        {
            _listens += change;
            if (_listens == 1 && change == 1) _link.Subscribe(_context.Namespace, _server, message => OnMessageAsync(LinkMessage.Read(message)));
            if (_listens == 0) _link.Unsubscribe(_context.Namespace, _server);
        }
    }

    private async ValueTask OnMessageAsync(LinkMessage message)
    {
        if (message.To is { } to)
        {
            if (to == _server && _questions.TryGetValue(message.Id, out var question)) question.OnAnswer(message);
            return;
        }

        switch (message.Kind)
        {
            case LinkMessageKind.Broadcast when _context.TryEncode(message.Json, Memories(message), out var @event):
                await _local.BroadcastAsync(@event, message.Target);
                break;
            case LinkMessageKind.Join:
                await _local.JoinAsync(message.Target, [.. message.Names]);
                break;
            case LinkMessageKind.Leave:
                await _local.LeaveAsync(message.Target, [.. message.Names]);
                break;
            case LinkMessageKind.Disconnect:
                await _local.DisconnectAsync(message.Target, message.Close);
                break;
            case LinkMessageKind.Fetch:
                Answer(message, LinkMessageKind.Done, new() { From = _server, Kind = default, Sockets = [.. await _local.FetchAsync(message.Target, default)] });
                break;
            case LinkMessageKind.Count:
                Answer(message, LinkMessageKind.Done, new() { From = _server, Kind = default, Count = await _local.CountAsync(message.Target, default) });
                break;
            case LinkMessageKind.Rooms:
                Answer(message, LinkMessageKind.Done, new() { From = _server, Kind = default, Names = [.. await _local.RoomsAsync(default)] });
                break;
            case LinkMessageKind.Call when _context.TryEncode(message.Json, Memories(message), out var @event):
                await _local.CallAsync(new CallForOther(@event, message, this), message.Target, default);
                Answer(message, LinkMessageKind.Done, new() { From = _server, Kind = default });
                break;
        }
    }

    private void Answer(LinkMessage question, LinkMessageKind kind, LinkMessage answer) =>
        Publish(answer with { Kind = kind, From = _server, To = question.From, Id = question.Id });

    private static ReadOnlyMemory<byte>[] Memories(LinkMessage message) => Array.ConvertAll(message.Attachments, attachment => (ReadOnlyMemory<byte>)attachment);

    /// <summary>What this server asks the others.</summary>
    private sealed class Question(int others, BroadcastCall? call)
    {
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<LinkMessage> _answers = new();
        private int _left = others;

        public Task Answered => _answered.Task;

        public LinkMessage[] Answers => [.. _answers];

        public void OnAnswer(LinkMessage answer)
        {
            switch (answer.Kind)
            {
                case LinkMessageKind.Asked:
                    call?.OnAsked(answer.SocketId!);
                    break;
                case LinkMessageKind.Answered:
                    call?.OnAnswered(answer.SocketId!, answer.Json, Memories(answer));
                    break;
                case LinkMessageKind.Left:
                    call?.OnLeft(answer.SocketId!);
                    break;
                default:
                    _answers.Enqueue(answer);
                    if (Interlocked.Decrement(ref _left) == 0) _answered.TrySetResult();
                    break;
            }
        }
    }

    /// <summary>A call of another server: what becomes of it here is told there.</summary>
    private sealed class CallForOther : BroadcastCall
    {
        private readonly LinkMessage _question;
        private readonly LinkedAdapter _adapter;

        public CallForOther(EncodedEvent @event, LinkMessage question, LinkedAdapter adapter)
            : base(@event, question.Timeout)
        {
            (_question, _adapter) = (question, adapter);
            _ = EndLaterAsync();
        }

        public override void OnAsked(string socketId) => Tell(LinkMessageKind.Asked, socketId);

        public override void OnAnswered(string socketId, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments) =>
            Tell(LinkMessageKind.Answered, socketId, json.ToArray(), [.. attachments.Select(attachment => attachment.ToArray())]);

        public override void OnLeft(string socketId) => Tell(LinkMessageKind.Left, socketId);

        private void Tell(LinkMessageKind kind, string socketId, byte[]? json = null, byte[][]? attachments = null) =>
            _adapter.Answer(_question, kind, new() { From = _adapter._server, Kind = kind, SocketId = socketId, Json = json ?? [], Attachments = attachments ?? [] });

        private async Task EndLaterAsync()
        {
            await Task.Delay(Timeout, _adapter._context.Time);
            End();
        }
    }
}
