using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>HTTP long-polling: a GET takes what is queued, or waits for it; a POST brings what the client has to say.</summary>
internal sealed class PollingTransport(EngineServer server) : ITransport
{
    // A poll that comes while a probe runs gives the client's "upgrade" this long to arrive; the reference's interval.
    private static readonly TimeSpan ProbeGrace = TimeSpan.FromMilliseconds(100);

    private readonly PollingResponse _response = new(server);

    public string Name => "polling";

    public IReadOnlyList<string> Upgrades { get; } = ["websocket"];

    public Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        if (HttpMethods.IsGet(context.Request.Method)) return PollAsync(context, session, query, isFirst);
        if (HttpMethods.IsPost(context.Request.Method)) return PostAsync(context, session, query);
        // HEAD among them: it must not take packets that nobody would see.
        context.Response.Headers.Allow = "GET, POST";
        return server.RefuseAsync(context, Rejection.MethodNotAllowed.Because(RefusalDetails.MethodOfSession(context.Request.Method)));
    }

    private async Task PollAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        try
        {
            await TakeAsync(context, session, query, isFirst);
        }
        catch (Exception e)
        {
            // The last line of defence; a cookie builder of the program's, say. Every request is answered.
            session.Fail(e);
            await server.FailAsync(context);
        }
    }

    private async ValueTask TakeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        var outbox = session.Outbox;
        if (!outbox.Lease.Wait(0))
        {
            session.Close(CloseReason.Overlap);
            await Rejection.BadPacket.Because(RefusalDetails.Closed(CloseReason.Overlap, server.Options)).WriteAsync(context);
            return;
        }

        List<OutgoingMessage>? batch;
        try
        {
            await using var aborted = context.RequestAborted.UnsafeRegister(static state => ((Outbox)state!).WakeReader(), outbox);
            batch = await NextBatchAsync(session, context.Features.Get<IConnectionSchedulerFeature>()?.Scheduler ?? PipeScheduler.ThreadPool, context.RequestAborted);
        }
        finally
        {
            // Before the answer is written: the client may poll again the moment it has it.
            outbox.Lease.Release();
        }

        if (batch is null)
        {
            await server.RefuseAsync(context, Rejection.BadRequest.Because(RefusalDetails.PolledAfterUpgrade));
            return;
        }

        // What was taken and cannot be written would be lost on a session that lives on.
        if (batch.Count == 0 || !await _response.WriteBatchAsync(context, session, query, batch, isFirst)) session.Close(CloseReason.TransportError);
    }

    // Empty: the client has gone. Null: it has moved to another transport, and had no business to poll.
    private async ValueTask<List<OutgoingMessage>?> NextBatchAsync(EngineSession session, PipeScheduler resumeOn, CancellationToken aborted)
    {
        var outbox = session.Outbox;
        var batch = new List<OutgoingMessage>();
        var cameWhileProbing = session.Upgrade == UpgradeState.Answered;
        var graceIsOver = false;
        ITimer? grace = null;
        try
        {
            while (true)
            {
                var wakeCount = outbox.WakeCount;
                // Read first: what was sent before the close is then there to be taken.
                var closeReason = session.CloseReason;
                if (session.Upgrade != UpgradeState.Upgraded)
                {
                    while (outbox.Take(out var message) == TakeResult.Taken) batch.Add(message);
                }

                // The packet that tells of the end comes alone: client 4.x handles a close packet before what stands in front of it in the same body.
                if (batch.Count == 0 && closeReason is { } reason)
                {
                    batch.Add(reason.IsKnownToClient ? OutgoingMessage.Noop : OutgoingMessage.Close);
                    session.Forget();
                }

                if (batch.Count > 0 || aborted.IsCancellationRequested) return batch;
                // A client ends its polls before it upgrades: one that came later only overtook its own "upgrade".
                if (session.Upgrade == UpgradeState.Upgraded && cameWhileProbing) return null;
                if (session.Upgrade == UpgradeState.Upgraded || session.Upgrade == UpgradeState.Answered && (!cameWhileProbing || graceIsOver))
                {
                    batch.Add(OutgoingMessage.Noop);
                    return batch;
                }

                if (cameWhileProbing)
                {
                    grace ??= server.Time.CreateTimer(
                        _ =>
                        {
                            graceIsOver = true;
                            outbox.WakeReader();
                        },
                        null, ProbeGrace, Timeout.InfiniteTimeSpan);
                }

                await outbox.WaitAsync(wakeCount, resumeOn);
            }
        }
        finally
        {
            grace?.Dispose();
        }
    }

    private async Task PostAsync(HttpContext context, EngineSession session, EngineQuery query)
    {
        if (!session.Inbox.Lease.Wait(0))
        {
            session.Close(CloseReason.Overlap);
            await Rejection.BadPacket.Because(RefusalDetails.Closed(CloseReason.Overlap, server.Options)).WriteAsync(context);
            return;
        }

        Rejection? rejection;
        try
        {
            rejection = await ReceiveAsync(context, session, query);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client went away in the middle of its body, or the session closed under it.
            session.Close(CloseReason.TransportError);
            context.TryAbort();
            return;
        }
        catch (Exception e)
        {
            // The last line of defence.
            session.Fail(e);
            rejection = Rejection.BrokenSession;
        }
        finally
        {
            // Before the answer is written: the client may post again the moment it has it.
            session.Inbox.Lease.Release();
        }

        // The end of a session is logged already.
        if (rejection is null) await PollingResponse.WriteOkAsync(context);
        else if (session.IsOpen) await server.RefuseAsync(context, rejection);
        else await rejection.WriteAsync(context);
    }

    // Null: 200.
    private async ValueTask<Rejection?> ReceiveAsync(HttpContext context, EngineSession session, EngineQuery query)
    {
        var request = context.Request;
        if (!session.IsOpen) return null;
        if (request.Headers.ContentEncoding.Count > 0) return Rejection.UnsupportedMediaType.Because(RefusalDetails.ContentEncoding);
        var read = await RequestBody.ReadAsync(request, server.Options.MaxPayload, session);
        if (read is null)
        {
            session.Close(CloseReason.TooLarge);
            context.Response.Headers.Connection = "close";
            return Rejection.PayloadTooLarge.Because(RefusalDetails.Closed(CloseReason.TooLarge, server.Options));
        }

        using var body = read.Value;
        server.Metrics.OnReceived(Name, body.Memory.Length);
        var payload = body.Memory;
        // Exactly this type, as the clients send it; a charset never changes how a body is read.
        var isBinary = query.Jsonp is null && request.ContentType == "application/octet-stream";
        if (query.Jsonp is not null && !Jsonp.TryUnwrap(payload, out payload) || !isBinary && !Utf8.IsValid(payload.Span)) return EndByParseError(session);
        return await DispatchAsync(session, payload, isBinary);
    }

    private async ValueTask<Rejection?> DispatchAsync(EngineSession session, ReadOnlyMemory<byte> payload, bool isBinary)
    {
        do
        {
            if (!session.Protocol.TryReadPayload(ref payload, isBinary, session.Encoding, out var packet)) return EndByParseError(session);
            if (!await session.Inbox.ReceiveAsync(packet)) return RejectionOf(session.CloseReason);
        }
        while (payload.Length > 0);

        return null;
    }

    private Rejection? RejectionOf(CloseReason? reason)
    {
        if (reason is { IsParseError: true }) return Rejection.BadPacket.Because(RefusalDetails.Closed(reason, server.Options));
        return reason == CloseReason.InternalError ? Rejection.BrokenSession : null;
    }

    private Rejection? EndByParseError(EngineSession session)
    {
        session.Close(CloseReason.ParseError);
        return RejectionOf(CloseReason.ParseError);
    }
}
