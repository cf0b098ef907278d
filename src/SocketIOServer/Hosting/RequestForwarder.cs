using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO;
using SocketIOServer.EngineIO.Hosting;

namespace SocketIOServer.Hosting;

/// <summary>
/// Passes a request whose session is on another server of the cluster to that server over HTTP, and its response to the client. So a load balancer can send
/// each request to any server.
/// </summary>
internal sealed partial class RequestForwarder(ClusterNode node, SocketServerOptions options, ForwardHeaders headers, ILogger logger) : IEngineForwarder, IDisposable
{
    private const int Tries = 2;
    private const int BufferSize = 16 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    // The addresses of a name can change.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    // Forwarded requests are in groups, and the groups end one after the other when clients are sent away.
    private const int Groups = 32;

    // A client whose WebSocket ends in the middle of its upgrade is silent until its ping timeout, so a WebSocket gets this time to complete the upgrade.
    private static readonly TimeSpan UpgradeTime = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource[] _stopping = [.. Enumerable.Range(0, Groups).Select(_ => new CancellationTokenSource(Timeout.InfiniteTimeSpan, node.Time))];
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        // The client's own trace headers are forwarded as they are.
        ActivityHeadersPropagator = null,
        // As Kestrel reads them.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    });

    private long _lastFull = long.MinValue;
    private int _count;
    private int _total;
    private int _ended;

    /// <summary>Where the other servers reach this one.</summary>
    public ClusterNode Node => node;

    public bool HasOwner(string sid) => node.Members.FindOwner(sid) is not null;

    /// <summary>The number of requests that are being forwarded.</summary>
    public int Count => Volatile.Read(ref _count);

    public ForwardedRequest? Read(HttpContext context) =>
        context.Features.Get<ForwardFeature>() is { } feature && feature.IsFor(node) ? feature.Request : null;

    public async ValueTask<Rejection?> ForwardAsync(HttpContext context, string sid, ForwardedRequest request, bool isWebSocket)
    {
        if (node.Members.FindOwner(sid) is not { } owner) return Rejection.UnknownSession.Because(ForwardDetails.OwnerGone);
        try
        {
            if (Interlocked.Increment(ref _count) > node.Options.MaxForwarded)
            {
                OnFull();
                return Rejection.Unavailable.Because(ForwardDetails.Full(node.Options));
            }

            node.OnForwarded(isWebSocket ? ForwardKind.WebSocket : HttpMethods.IsPost(context.Request.Method) ? ForwardKind.Post : ForwardKind.Poll);
            // A WebSocket shows itself whether the other server is there, so it outlives an outage of the bus.
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, isWebSocket ? default : owner.Gone);
            var earliest = isWebSocket ? node.Time.GetTimestamp() + (long)(UpgradeTime.TotalSeconds * node.Time.TimestampFrequency) : 0;
            await using var stopping = NextGroup().UnsafeRegister(_ => End(ended, earliest), null);
            return await ForwardAsync(context, owner, request, isWebSocket, ended);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Ends WebSockets and waiting polls of other servers' sessions, after a time. Polls that end before go on at other servers.</summary>
    public void Stop(TimeSpan after)
    {
        foreach (var group in _stopping) group.CancelAfter(after);
    }

    /// <summary>
    /// Ends a part of the requests that are being forwarded: their clients go to other servers. Requests that come later are forwarded until <see cref="Stop"/>.
    /// </summary>
    /// <param name="share">The part, from 0 to 1, with those that have ended before.</param>
    public void SendAway(double share)
    {
        // The last group is for the requests that come later.
        var until = Math.Min((int)(Groups * share), Groups - 1);
        for (var i = Interlocked.Exchange(ref _ended, until); i < until; i++) _stopping[i].Cancel();
    }

    public void Dispose()
    {
        foreach (var group in _stopping) group.Cancel();
        _client.Dispose();
    }

    private async ValueTask<Rejection?> ForwardAsync(HttpContext context, RemoteNode owner, ForwardedRequest request, bool isWebSocket, CancellationTokenSource ended)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await SendAsync(context, owner, request, isWebSocket, ended.Token);
            if (ForwardHeaders.IsRefusal(response))
            {
                OnUnreachable(owner, "it refuses the signature. Either the clocks of the two servers differ, or something between them changes the path or the query");
                return Rejection.UnknownSession.Because(ForwardDetails.OwnerGone);
            }

            if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            {
                await WebSocketTunnel.RunAsync(context, response, headers, ended.Token);
                return null;
            }

            headers.CopyResponse(response, context);
            await CopyBodyAsync(response, context, ended);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or SocketException or BadHttpRequestException)
        {
            // As where the session is: packets that were taken for a client that has gone would be lost if its session stayed open.
            if (context.RequestAborted.IsCancellationRequested && !isWebSocket && HttpMethods.IsGet(context.Request.Method))
                _ = AbandonAsync(CreateMessage(context, owner.Address!, request with { Condition = ForwardCondition.Abandoned }, isWebSocket: false));
            return OnFailed(context, owner, e);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(HttpContext context, RemoteNode owner, ForwardedRequest request, bool isWebSocket, CancellationToken cancel)
    {
        for (var i = 1; ; i++)
        {
            try
            {
                return await _client.SendAsync(CreateMessage(context, owner.Address!, request, isWebSocket), cancel);
            }
            catch (HttpRequestException e) when (i < Tries && e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
            {
                // Nothing was sent, so the body can still be read.
                await Task.Delay(Pause, cancel);
            }
        }
    }

    private HttpRequestMessage CreateMessage(HttpContext context, string address, ForwardedRequest request, bool isWebSocket)
    {
        // A WebSocket over HTTP/2 arrives as CONNECT.
        var method = isWebSocket ? HttpMethod.Get : HttpMethod.Parse(context.Request.Method);
        var target = ForwardFeature.TargetOf(context);
        var message = new HttpRequestMessage(method, new Uri(address + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        // The body of a request that its client has left cannot be read any more.
        if (!isWebSocket && request.Condition != ForwardCondition.Abandoned && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false }) message.Content = ForwardedBody.Of(context, options.MaxPayload);
        headers.CopyRequest(context, message, isWebSocket);
        // The answer comes before the body is sent, and the body is too large to be read.
        if (context.Request.ContentLength > options.MaxPayload) message.Headers.ExpectContinue = true;
        var header = new ForwardHeader(node.Id, node.Time.GetUtcNow(), context.Connection.RemoteIpAddress, context.Request.Scheme, (int)request.Condition, request.Person);
        message.Headers.TryAddWithoutValidation(ForwardHeader.Name, header.Write(node.Key!, method.Method, target));
        return message;
    }

    private async ValueTask CopyBodyAsync(HttpResponseMessage response, HttpContext context, CancellationTokenSource ended)
    {
        await using var body = await response.Content.ReadAsStreamAsync(ended.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (true)
            {
                var count = await body.ReadAsync(buffer, ended.Token);
                if (count == 0) return;
                var writing = context.Response.Body.WriteAsync(buffer.AsMemory(0, count), ended.Token);
                if (!writing.IsCompletedSuccessfully) await WaitAsync(writing);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // As the session's server limits its own writes to a client that does not read.
        async ValueTask WaitAsync(ValueTask writing)
        {
            ended.CancelAfter(options.SendTimeout);
            await writing;
            ended.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private async Task AbandonAsync(HttpRequestMessage message)
    {
        try
        {
            using var limited = new CancellationTokenSource(options.SendTimeout, node.Time);
            using var response = await _client.SendAsync(message, limited.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other server has gone too, and the session with it.
        }
    }

    private Rejection? OnFailed(HttpContext context, RemoteNode owner, Exception error)
    {
        var isClientGone = context.RequestAborted.IsCancellationRequested;
        if (!isClientGone && error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError })
            OnUnreachable(owner, error.Message);
        if (isClientGone || context.Response.HasStarted)
        {
            context.Abort();
            return null;
        }

        context.Response.Clear();
        return Rejection.UnknownSession.Because(ForwardDetails.OwnerGone);
    }

    private void End(CancellationTokenSource ended, long earliest)
    {
        var left = node.Time.GetElapsedTime(node.Time.GetTimestamp(), earliest);
        if (left > TimeSpan.Zero) ended.CancelAfter(left);
        else ended.Cancel();
    }

    private CancellationToken NextGroup()
    {
        // Not the last one, which ends at the stop, unless all others have ended.
        var ended = Volatile.Read(ref _ended);
        return _stopping[ended >= Groups - 1 ? Groups - 1 : ended + (int)((uint)Interlocked.Increment(ref _total) % (Groups - 1 - ended))].Token;
    }

    // Clients come again and again, and each request would be a line.
    private void OnUnreachable(RemoteNode owner, string reason)
    {
        if (owner.IsTimeToReport(node.Time)) LogUnreachable(logger, owner.Member.Name, owner.Address ?? "", reason);
    }

    private void OnFull()
    {
        var last = Interlocked.Read(ref _lastFull);
        var now = node.Time.GetTimestamp();
        if (last != long.MinValue && node.Time.GetElapsedTime(last, now) < TimeSpan.FromMinutes(1) || Interlocked.CompareExchange(ref _lastFull, now, last) != last) return;
        LogFull(logger, node.Options.MaxForwarded);
    }

    [LoggerMessage(58, LogLevel.Warning, "A request was not forwarded to the server {Name} of the cluster at {Address}: {Reason}. This line is written at most once in 10 s for each server.")]
    private static partial void LogUnreachable(ILogger logger, string name, string address, string reason);

    [LoggerMessage(59, LogLevel.Warning, "{Count} requests are being forwarded to other servers of the cluster, and ClusterOptions.MaxForwarded allows no more. Further ones get 503. Let the load balancer send requests to the server that has the session. Logged at most once a minute.")]
    private static partial void LogFull(ILogger logger, int count);
}
