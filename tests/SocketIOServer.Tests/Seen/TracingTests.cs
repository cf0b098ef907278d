using System.Diagnostics;

namespace SocketIOServer.Tests.Seen;

/// <summary>The spans of connects and events, by the OpenTelemetry SDK.</summary>
[Collection(nameof(Listening))]
public sealed class TracingTests : IDisposable
{
    private const string CallersTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string Header = $"00-{CallersTrace}-b7ad6b7169203331-01";

    private readonly Telemetry _telemetry = new();

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task A_connect_is_a_part_of_the_callers_trace()
    {
        await using var host = await TestHost.StartAsync();
        await using var client = await OpenAsync(host);

        await client.AskAsync("40");

        var span = await _telemetry.SpanAsync("/ connect");
        Assert.Equal(CallersTrace, span.TraceId.ToHexString());
        Assert.Equal("/", span.GetTagItem("socketio.namespace"));
        Assert.Equal("websocket", span.GetTagItem("socketio.transport"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task A_refused_connect_says_why_and_only_a_failure_is_an_error()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.Of("/closed").OnConnecting(void () => throw new ConnectionRefusedException("no"));
            io.Of("/broken").OnConnecting(void () => throw new InvalidOperationException("no"));
        });
        await using var client = await OpenAsync(host);

        await client.AskAsync("40/closed,");
        await client.AskAsync("40/broken,");

        var closed = await _telemetry.SpanAsync("/closed connect");
        var broken = await _telemetry.SpanAsync("/broken connect");
        Assert.Equal(("connection_refused", ActivityStatusCode.Unset), (closed.GetTagItem("socketio.reason"), closed.Status));
        Assert.Equal(("failed", ActivityStatusCode.Error), (broken.GetTagItem("socketio.reason"), broken.Status));
    }

    [Fact]
    public async Task An_event_of_a_WebSocket_begins_a_trace_and_is_linked_to_the_callers()
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat").On("news", () => Activity.Current?.SpanId.ToHexString()));
        await using var client = await OpenAsync(host);
        await client.AskAsync("40/chat,");

        var seen = await client.AskAsync("""42/chat,1["news"]""");

        var span = await _telemetry.SpanAsync("/chat news");
        Assert.Equal($"""43/chat,1["{span.SpanId}"]""", seen);
        Assert.Null(span.ParentId);
        Assert.Equal(CallersTrace, Assert.Single(span.Links).Context.TraceId.ToHexString());
        Assert.NotEqual(CallersTrace, span.TraceId.ToHexString());
        Assert.Equal("news", span.GetTagItem("socketio.event"));
        Assert.Equal("/chat", span.GetTagItem("socketio.namespace"));
        Assert.Equal("websocket", span.GetTagItem("socketio.transport"));
    }

    [Fact]
    public async Task Two_events_of_a_WebSocket_are_two_traces()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing().On("news", () => "ok"));
        await using var client = await OpenAsync(host);
        await client.AskAsync("40");

        await client.AskAsync("""421["ping"]""");
        await client.AskAsync("""422["news"]""");

        Assert.NotEqual((await _telemetry.SpanAsync("/ ping")).TraceId, (await _telemetry.SpanAsync("/ news")).TraceId);
    }

    [Fact]
    public async Task An_event_that_a_POST_brings_is_a_part_of_that_requests_trace()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        var client = await PollingClient.JoinAsync(host);
        host.Http.DefaultRequestHeaders.Add("traceparent", Header);

        await client.PostAsync("""421["ping"]""");

        var span = await _telemetry.SpanAsync("/ ping");
        Assert.Equal(CallersTrace, span.TraceId.ToHexString());
        Assert.Equal("polling", span.GetTagItem("socketio.transport"));
    }

    [Fact]
    public async Task An_event_that_outlived_its_POST_begins_a_trace_of_its_own()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await TestHost.StartAsync(io => io.On("slow", () => gate.Task).OnPing());
        host.Http.DefaultRequestHeaders.Add("traceparent", Header);
        var client = await PollingClient.JoinAsync(host);

        await client.PostAsync("42[\"slow\"]\u001e42[\"ping\"]");
        // The handshake, its CONNECT, the poll for the answer, and this.
        await Eventually.TrueAsync(() => _telemetry.Spans.Count(span => span.Source.Name == "Microsoft.AspNetCore") == 4, () => "the POST ends");
        gate.SetResult();

        var slow = await _telemetry.SpanAsync("/ slow");
        var ping = await _telemetry.SpanAsync("/ ping");
        Assert.Equal(CallersTrace, slow.TraceId.ToHexString());
        Assert.Null(ping.ParentId);
        Assert.Equal(CallersTrace, Assert.Single(ping.Links).Context.TraceId.ToHexString());
    }

    [Theory]
    [InlineData("fail", "System.InvalidOperationException", ActivityStatusCode.Error)]
    [InlineData("later", "System.InvalidOperationException", ActivityStatusCode.Error)]
    [InlineData("number", "invalid_arguments", ActivityStatusCode.Unset)]
    [InlineData("answer", null, ActivityStatusCode.Unset)]
    public async Task What_a_handler_throws_sets_the_status_of_its_span(string name, string? error, ActivityStatusCode status)
    {
        await using var host = await TestHost.StartAsync(io => io
            .On("fail", void () => throw new InvalidOperationException("no"))
            .On("later", async Task () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("no");
            })
            .On("number", (int _) => "ok")
            .On("answer", void () => throw new AckException("no")));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync($"""42["{name}","x"]""");

        var span = await _telemetry.SpanAsync("/ " + name);
        Assert.Equal((error, status), (span.GetTagItem("error.type"), span.Status));
        Assert.Equal(status == ActivityStatusCode.Error ? 1 : 0, span.Events.Count());
    }

    // A caller that is traced.
    private static async Task<SocketClient> OpenAsync(TestHost host)
    {
        var client = await SocketClient.OpenAsync(host, options: options => options.SetRequestHeader("traceparent", Header));
        await client.ReadAsync();
        return client;
    }
}
