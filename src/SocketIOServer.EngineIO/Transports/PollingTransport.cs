using System.IO.Pipelines;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>HTTP long-polling. A GET takes the queued packets or waits for some; a POST brings packets of the client.</summary>
internal sealed class PollingTransport(EngineServer server) : ITransport
{
    // If a poll arrives during a probe, the server waits this long for the client's "upgrade" packet. It is the interval of Node's server.
    private static readonly TimeSpan ProbeGrace = TimeSpan.FromMilliseconds(100);

    private readonly PollingResponse _response = new(server);

    public string Name => "polling";

    public IReadOnlyList<string> Upgrades { get; } = ["websocket"];

    public Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        if (HttpMethods.IsGet(context.Request.Method)) return PollAsync(context, session, query, isFirst);
        if (HttpMethods.IsPost(context.Request.Method)) return PostAsync(context, session, query);
        // This includes HEAD, which must not take packets, because the client would not see them.
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
            // The last catch, for example for a CookieBuilder of the application. Every request is answered.
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
            // Before the response is written, because the client can poll again as soon as it has it.
            outbox.Lease.Release();
        }

        if (batch is null)
        {
            await server.RefuseAsync(context, Rejection.BadRequest.Because(RefusalDetails.PolledAfterUpgrade));
            return;
        }

        // Packets that were taken and cannot be written would be lost if the session stayed open.
        if (batch.Count == 0 || !await _response.WriteBatchAsync(context, session, query, batch, isFirst)) session.Close(CloseReason.TransportError);
    }

    // Empty: the client has gone. Null: the client has moved to another transport and must not poll.
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
                // Read before the queue, so that everything that was sent before the close is in it.
                var closeReason = session.CloseReason;
                if (session.Upgrade != UpgradeState.Upgraded)
                {
                    while (outbox.Take(out var message) == TakeResult.Taken) batch.Add(message);
                }

                // The packet that announces the end is sent alone. Client 4.x handles a close packet before the packets in front of it in the same body.
                if (batch.Count == 0 && closeReason is { } reason)
                {
                    batch.Add(reason.IsKnownToClient ? OutgoingMessage.Noop : OutgoingMessage.Close);
                    session.Forget();
                }

                if (batch.Count > 0 || aborted.IsCancellationRequested) return batch;
                // A client ends its polls before it upgrades. A poll that arrived later has only overtaken the client's own "upgrade" packet.
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
            // The client disconnected while it sent the body, or the session was closed in the meantime.
            session.Close(CloseReason.TransportError);
            context.TryAbort();
            return;
        }
        catch (Exception e)
        {
            // The last catch.
            session.Fail(e);
            rejection = Rejection.BrokenSession;
        }
        finally
        {
            // Before the response is written, because the client can post again as soon as it has it.
            session.Inbox.Lease.Release();
        }

        // The end of the session is already logged.
        if (rejection is null) await PollingResponse.WriteOkAsync(context);
        else if (session.IsOpen) await server.RefuseAsync(context, rejection);
        else await rejection.WriteAsync(context);
    }

    // Null: the response is 200.
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
        // Exactly this type, as clients send it. A charset never changes how a body is read.
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
