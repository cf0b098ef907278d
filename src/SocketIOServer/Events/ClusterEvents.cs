using System.Text;
using SocketIOServer.Adapters;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Events;

/// <summary>
/// Runs the handlers that a namespace has for events of other servers. They begin one after the other, in the order of the events, on the pool; one that
/// waits does not hold up the next.
/// </summary>
internal sealed class ClusterEvents(NamespaceContext @namespace) : IClusterEvents
{
    private readonly Lock _gate = new();
    private readonly Queue<Run> _waiting = new();
    private bool _isRunning;

    public void Handle(ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, Action<ReadOnlyMemory<byte>?, IReadOnlyList<ReadOnlyMemory<byte>>>? answer)
    {
        if (Find(json, attachments, out var packet) is not { } handler)
        {
            answer?.Invoke(null, []);
            return;
        }

        lock (_gate)
        {
            _waiting.Enqueue(new(handler, new(@namespace, handler.Name, packet), answer));
            if (_isRunning) return;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static events => events.RunAll(), this, preferLocal: false);
    }

    public void OnReconnected() => @namespace.Inboxes?.OnReconnected();

    private Handler? Find(ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, out SocketPacket packet)
    {
        packet = default;
        json = Surrogates.Repair(json);
        var depth = @namespace.Encoder.Options.MaxDepth is > 0 and var max ? max : 64;
        if (!JsonCheck.TryReadEvent(json, depth, out var name, out var start)) return null;
        if (!Placeholders.TryCount(json.Span, new int[attachments.Count], depth)) return null;
        packet = new() { Type = SocketPacketType.Event, Id = SocketPacket.NoId, Json = json, Attachments = attachments, Name = name, ArgumentsStart = start };
        if (@namespace.Inboxes is { } inboxes && name.Span.SequenceEqual("socketio:inbox"u8)) Wake(inboxes, packet);
        return @namespace.Handlers.FindCluster(Encoding.UTF8.GetString(name.Span));
    }

    private void Wake(NamespaceInboxes inboxes, in SocketPacket packet)
    {
        if (!new JsonArguments(packet, @namespace.Encoder).TryReadText(0, out var inbox)) return;
        if (inbox is null) inboxes.WakeAll();
        else inboxes.Wake(inbox);
    }

    private void RunAll()
    {
        while (TryTake(out var run)) _ = RunAsync(run);
    }

    private bool TryTake(out Run run)
    {
        lock (_gate) return _isRunning = _waiting.TryDequeue(out run!);
    }

    // Never throws.
    private async Task RunAsync(Run run)
    {
        ReadOnlyMemory<byte>? answer = null;
        IReadOnlyList<ReadOnlyMemory<byte>> attachments = [];
        try
        {
            if (@namespace.Server.Running.IsAbandoned) return;
            run.Call.Hold();
            await run.Handler.InvokeAsync(run.Call);
            if (run.Answer is not null) (answer, attachments) = AnswerOf(run.Call);
        }
        catch (Exception e)
        {
            // The program's handler, or arguments of other types than it takes.
            UserCode.OnFailed(e, run.Handler.Name, @namespace, null);
        }
        finally
        {
            await UserCode.EndScopeAsync(run.Call);
            run.Answer?.Invoke(answer, attachments);
        }
    }

    private (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) AnswerOf(EventCall call)
    {
        if (call.Result is not { } result) return (call.HasResult ? "null"u8.ToArray() : default, []);
        // An event is what the encoder knows to write beside its binary: ["a",<the answer>].
        var (json, attachments) = @namespace.Encoded(@namespace.Encoder.EventArgs(@namespace.Utf8Name, "a", [result])).Read();
        return (json["[\"a\",".Length..^1], attachments);
    }

    private sealed record Run(Handler Handler, EventCall Call, Action<ReadOnlyMemory<byte>?, IReadOnlyList<ReadOnlyMemory<byte>>>? Answer);
}
