using System.Collections.Concurrent;
using System.Globalization;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The functions of <see cref="EngineEvents"/>: when they are called, with what, and that one which throws harms nobody.</summary>
public sealed class EventTests : EngineTests
{
    private readonly ConcurrentQueue<string> _calls = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Faults => ["throw", "fault later", "null"];

    [Theory]
    [InlineData("?EIO=4&transport=x", 400, 0, "Transport unknown", "unknown_transport", "transport='x'")]
    [InlineData("?EIO=4&transport=polling&sid=gone", 400, 1, "Session ID unknown", "unknown_session", "no session with this sid")]
    [InlineData("?EIO=7&transport=polling", 400, 5, "Unsupported protocol version", "unsupported_protocol", "EIO='7'")]
    [InlineData("?EIO=4&transport=websocket", 400, 3, "Bad request", "bad_request", "A proxy in between")]
    public async Task A_refused_request_is_told_with_code_message_and_details(string query, int status, int code, string message, string reason, string details)
    {
        EngineErrorContext? error = null;
        var host = await StartAsync(options => options.Events.OnConnectionError = context =>
        {
            _calls.Enqueue(context.HttpContext.Request.QueryString.Value!);
            error = context;
            return Task.CompletedTask;
        });

        var answer = await host.RequestAsync(query);

        Assert.Equal([query], _calls);
        Assert.Equal((status, code, message, reason), (error!.StatusCode, error.Code, error.Message, error.Reason));
        Assert.Contains(details, error.Details, StringComparison.Ordinal);
        Assert.Equal(status, answer.Status);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $$"""{"code":{{code}},"message":"{{message}}"}"""), answer.Body);
    }

    [Fact]
    public async Task Headers_are_set_on_the_first_answer_and_on_each()
    {
        var host = await StartAsync(options =>
        {
            options.Events.OnInitialHeaders = async context =>
            {
                await Task.Yield();
                context.Headers["X-First"] = context.Session.TransportName;
            };
            options.Events.OnHeaders = context =>
            {
                context.Headers["X-Each"] = "yes";
                return Task.CompletedTask;
            };
        });

        using var first = await host.Http.GetAsync($"{EngineHost.Path}?EIO=4&transport=polling", TestContext.Current.CancellationToken);
        var sid = host.Single().Session.Id;
        using var post = await host.Http.PostAsync($"{EngineHost.Path}?EIO=4&transport=polling&sid={sid}", new StringContent("4hi"), TestContext.Current.CancellationToken);
        using var poll = await host.Http.GetAsync($"{EngineHost.Path}?EIO=4&transport=polling&sid={sid}", TestContext.Current.CancellationToken);

        Assert.Equal(["polling"], first.Headers.GetValues("X-First"));
        Assert.All([first, post, poll], answer => Assert.Equal(["yes"], answer.Headers.GetValues("X-Each")));
        Assert.All([post, poll], answer => Assert.False(answer.Headers.Contains("X-First")));
        Assert.Equal("4hi", await poll.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_WebSocket_request_has_the_headers_too()
    {
        var host = await StartAsync(options => options.Events.OnInitialHeaders = context =>
        {
            context.Headers["X-First"] = context.Session.TransportName;
            return Task.CompletedTask;
        });

        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        await raw.SendAsync(RawWebSocket.Request($"{EngineHost.Path}?EIO=4&transport=websocket"));

        Assert.Contains("X-First: websocket", await raw.ReadHeadAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_connection_opens_upgrades_and_closes_with_the_reason()
    {
        var host = await StartAsync(Record);
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");
        await socket.SendAsync("4hi");
        Assert.Equal("4hi", await socket.ReadAsync());

        await socket.SendAsync("1");

        await _closed.Task.Soon();
        Assert.Equal([$"opened {client.Sid} polling engine.io/4 127.0.0.1", "upgraded websocket", "closed transport close"], _calls);
    }

    [Fact]
    public async Task A_stop_waits_for_the_last_word()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await StartAsync(options => options.Events.OnClosed = async context =>
        {
            _calls.Enqueue(context.Reason);
            await go.Task;
        });
        await using var client = await host.ConnectAsync();

        host.Engine.Stop();
        var ended = host.Engine.Sessions.WhenEndedAsync(TestContext.Current.CancellationToken);
        Assert.Equal("closed 1001", await client.ReadAsync());
        await Eventually.TrueAsync(() => !_calls.IsEmpty && host.Engine.Sessions.Count == 0, "the session has ended");
        Assert.False(ended.IsCompleted);
        go.SetResult();

        await ended.Soon();
        Assert.Equal(["server shutting down"], _calls);
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task Functions_that_throw_are_logged_and_change_nothing(string fault)
    {
        var host = await StartAsync(options =>
        {
            options.Events.OnConnectionError = _ => FailAsync(fault);
            options.Events.OnInitialHeaders = _ => FailAsync(fault);
            options.Events.OnHeaders = _ => FailAsync(fault);
            options.Events.OnOpened = _ => FailAsync(fault);
            options.Events.OnClosed = _ => FailAsync(fault);
        });
        // The handshake: three. The refusal and the end: one each.
        host.ExpectedErrors = 5;
        await using var client = await host.ConnectAsync();
        await client.SendAsync("4hi");
        Assert.Equal("4hi", await client.ReadAsync());
        Assert.Equal(400, (await host.RequestAsync("?EIO=4&transport=x")).Status);

        await client.SendAsync("1");

        await Eventually.TrueAsync(() => host.Web.Log.Errors.Count() == 5, "every function has failed");
        Assert.All(host.Web.Log.Errors, line => Assert.Equal(15, line.Id.Id));
    }

    private static async Task FailLaterAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("mine");
    }

    private static Task FailAsync(string fault) => fault switch
    {
        "throw" => throw new InvalidOperationException("mine"),
        "null" => null!,
        _ => FailLaterAsync(),
    };

    private void Record(EngineOptions options)
    {
        options.Events.OnOpened = context =>
        {
            _calls.Enqueue($"opened {context.Session.Id} {context.Session.TransportName} {context.Session.ProtocolName} {context.Session.RemoteAddress}");
            return Task.CompletedTask;
        };
        options.Events.OnUpgraded = context =>
        {
            _calls.Enqueue($"upgraded {context.Session.TransportName}");
            return Task.CompletedTask;
        };
        options.Events.OnClosed = context =>
        {
            _calls.Enqueue($"closed {context.Reason}");
            _closed.SetResult();
            return Task.CompletedTask;
        };
    }
}
