using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Stop;

/// <summary>The stop of the host waits for the program's code, with the program's services alive (CONTRACT R-5).</summary>
public sealed class StopTests
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Inbox<string> _notes = new();

    [Theory]
    [InlineData("OnDisconnecting")]
    [InlineData("OnDisconnected")]
    [InlineData("OnConnected")]
    [InlineData("event")]
    [InlineData("concurrent")]
    [InlineData("queued")]
    public async Task It_waits_for_what_runs(string what)
    {
        await using var host = await StartAsync(what);
        await using var client = await SocketClient.JoinAsync(host);
        if (what is "event" or "queued") await client.SendAsync("""42["event"]""");
        if (what is "queued")
        {
            await client.SendAsync("""42["event"]""");
            // The server has read the second event when it answers the ping behind it.
            Assert.Equal("3", await client.AskAsync("2"));
        }

        if (what is "concurrent") await client.SendAsync("""42["concurrent"]""");
        if (!what.StartsWith("OnDis", StringComparison.Ordinal)) Assert.Equal("begin", await _notes.NextAsync());

        var stopping = host.StopAsync();
        await client.CloseAsync();
        if (what.StartsWith("OnDis", StringComparison.Ordinal)) Assert.Equal("begin", await _notes.NextAsync());
        Assert.False(stopping.IsCompleted);
        _gate.SetResult();
        await stopping.Soon();

        Assert.Equal("end, the service is alive", await _notes.NextAsync());
        if (what is "queued") Assert.Equal(["begin", "end, the service is alive"], await _notes.NextAsync(2));
        Assert.True(_notes.IsEmpty);
        AssertQuiet(host);
    }

    [Fact]
    public async Task It_waits_for_OnConnecting_and_lets_nobody_in()
    {
        await using var host = await TestHost.StartAsync(io => io
            .OnConnecting(async () =>
            {
                _notes.Add("begin");
                await _gate.Task;
                _notes.Add("end");
            })
            .OnConnected(() => _notes.Add("connected"))
            .OnDisconnected(() => _notes.Add("disconnected")));
        await using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("40");
        Assert.Equal("begin", await _notes.NextAsync());

        var stopping = host.StopAsync();
        await client.CloseAsync();
        Assert.False(stopping.IsCompleted);
        _gate.SetResult();
        await stopping.Soon();

        Assert.Equal("end", await _notes.NextAsync());
        Assert.True(_notes.IsEmpty);
    }

    [Fact]
    public async Task It_waits_for_a_handler_that_keeps_its_thread()
    {
        using var gate = new ManualResetEventSlim();
        await using var host = await TestHost.StartAsync(io => io
            .On("block", () =>
            {
                _notes.Add("begin");
                gate.Wait(TestHost.Patience);
                _notes.Add("end");
            })
            .OnDisconnected(() => _notes.Add("disconnected")));
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""42["block"]""");
        Assert.Equal("begin", await _notes.NextAsync());

        var stopping = host.StopAsync();
        Assert.Equal("closed 1001", await client.ReadAsync());
        Assert.False(stopping.IsCompleted);
        gate.Set();
        await client.CloseAsync();
        await stopping.Soon();

        Assert.Equal(["end", "disconnected"], await _notes.NextAsync(2));
    }

    [Fact]
    public async Task It_waits_for_the_hooks_of_clients_that_left_before()
    {
        await using var host = await StartAsync("OnDisconnected");
        await using var client = await SocketClient.JoinAsync(host);
        await client.CloseAsync();
        Assert.Equal("begin", await _notes.NextAsync());

        var stopping = host.StopAsync();
        Assert.False(stopping.IsCompleted);
        _gate.SetResult();
        await stopping.Soon();

        Assert.Equal("end, the service is alive", await _notes.NextAsync());
    }

    [Fact]
    public async Task A_handler_that_runs_sees_its_token_cancelled()
    {
        await using var host = await TestHost.StartAsync(io => io.On("wait", async (CancellationToken gone) =>
        {
            _notes.Add("begin");
            await Task.Delay(Timeout.Infinite, gone).ContinueWith(_ => _notes.Add("cancelled"), TaskScheduler.Default);
        }));
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""42["wait"]""");
        Assert.Equal("begin", await _notes.NextAsync());

        var stopping = host.StopAsync();
        await client.CloseAsync();
        await stopping.Soon();

        Assert.Equal("cancelled", await _notes.NextAsync());
        AssertQuiet(host);
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_cancelled_and_named_in_one_line()
    {
        await using var host = await StartAsync("OnDisconnected", build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(0.5)), more: io => io
            .On("stuck", () =>
            {
                _notes.Add("stuck");
                return _gate.Task;
            })
            .OnDisconnected(async (CancellationToken late) =>
            {
                await Task.Delay(Timeout.Infinite, late).ContinueWith(_ => { }, TaskScheduler.Default);
                _notes.Add("late");
            }));
        await using var first = await SocketClient.JoinAsync(host);
        await using var second = await SocketClient.JoinAsync(host);
        await first.SendAsync("""42["stuck"]""", """42["stuck"]""");
        Assert.Equal("stuck", await _notes.NextAsync());

        var stopping = host.StopAsync();
        await Task.WhenAll(first.CloseAsync(), second.CloseAsync());
        await stopping.Soon();

        // One behind a handler that is stuck: its hooks have begun all the same.
        Assert.Equal(["begin", "begin"], await _notes.NextAsync(2));
        var line = Assert.Single(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Level >= LogLevel.Warning);
        Assert.Equal(
            "The server stops and no longer waits for code of the program that still runs: 1 x \"stuck\" in /, 2 x OnDisconnected in /.",
            line.Text);
        _gate.SetResult();
    }

    // Not disposed of in the usual way: that the connection did not end is what this is about.
    [Fact]
    public async Task A_handler_that_keeps_its_thread_holds_it_no_longer_than_ShutdownTimeout()
    {
        using var gate = new ManualResetEventSlim();
        var host = await TestHost.StartAsync(
            io => io.On("block", () =>
            {
                _notes.Add("begin");
                gate.Wait(TestHost.Patience);
            }),
            build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(0.5)));
        await using var client = await SocketClient.JoinAsync(host);
        await client.SendAsync("""42["block"]""");
        Assert.Equal("begin", await _notes.NextAsync());

        await host.StopAsync().Soon();
        gate.Set();

        Assert.Contains(host.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.EndsWith(": 1 x \"block\" in /.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_hook_that_keeps_its_thread_holds_it_no_longer_than_ShutdownTimeout()
    {
        using var gate = new ManualResetEventSlim();
        await using var host = await TestHost.StartAsync(
            io => io
                .On("stuck", () =>
                {
                    _notes.Add("stuck");
                    return _gate.Task;
                })
                // Held back by the handler, until the stop has little time left.
                .OnDisconnected(() =>
                {
                    _notes.Add("begin");
                    gate.Wait(TestHost.Patience);
                }),
            build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(0.5)));
        await using var first = await SocketClient.JoinAsync(host);
        await using var second = await SocketClient.JoinAsync(host);
        foreach (var client in (SocketClient[])[first, second])
        {
            await client.SendAsync("""42["stuck"]""");
            Assert.Equal("stuck", await _notes.NextAsync());
        }

        var stopping = Task.Run(host.StopAsync);
        await Task.WhenAll(first.CloseAsync(), second.CloseAsync());
        await stopping.Soon();

        // One does not wait for the other.
        Assert.Equal(["begin", "begin"], await _notes.NextAsync(2));
        gate.Set();
        _gate.SetResult();
        var line = Assert.Single(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Level >= LogLevel.Warning);
        Assert.EndsWith(": 2 x \"stuck\" in /, 2 x OnDisconnected in /.", line.Text, StringComparison.Ordinal);
    }

    // Not disposed of in the usual way: its connection does not end before OnConnected does.
    [Fact]
    public async Task OnConnected_that_keeps_its_thread_is_named_by_its_name()
    {
        using var gate = new ManualResetEventSlim();
        var host = await TestHost.StartAsync(
            io => io.OnConnected(() =>
            {
                _notes.Add("begin");
                gate.Wait(TestHost.Patience);
            }),
            build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(0.3)));
        await using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("40");
        Assert.Equal("begin", await _notes.NextAsync());

        await host.StopAsync().Soon();
        gate.Set();

        Assert.Contains(host.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.EndsWith(": 1 x OnConnected in /.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_registered_on_the_token_of_a_hook_may_throw_when_the_stop_cancels_it()
    {
        await using var host = await TestHost.StartAsync(
            io => io.OnDisconnected(async (CancellationToken late) =>
            {
                late.Register(() => throw new InvalidOperationException("fault"));
                late.Register(() => _notes.Add("cancelled"));
                await _gate.Task;
            }),
            build: builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(0.2)));
        await using var client = await SocketClient.JoinAsync(host);

        var stopping = host.StopAsync();
        await client.CloseAsync();
        await stopping.Soon();

        Assert.Equal("cancelled", await _notes.NextAsync());
        await Eventually.TrueAsync(() => host.Log.Lines.Any(line => line.Id.Id == 31), "the line of the fault");
        _gate.SetResult();
    }

    [Fact]
    public async Task A_host_that_is_disposed_of_without_it_ends_its_sessions_and_begins_nothing()
    {
        await using var host = await TestHost.StartAsync(io => io.OnDisconnected(() => _notes.Add("disconnected")));
        var server = host.Services.GetRequiredService<SocketServer>();
        var polling = await PollingClient.JoinAsync(host);

        // With the services, as the provider does.
        server.Dispose();

        Assert.Equal(0, server.Root.SocketCount);
        // No clock moves meanwhile: its session has ended, and is there for its last poll.
        Assert.Equal("1", await polling.PollAsync());
        await server.WhenEndedAsync(default).Soon();
        Assert.True(_notes.IsEmpty);
        AssertQuiet(host);
    }

    [Fact]
    public async Task It_may_begin_in_a_handler_and_twice()
    {
        await using var host = await TestHost.StartAsync(io => io
            .On("stop", (IHostApplicationLifetime host) =>
            {
                host.StopApplication();
                host.StopApplication();
                _notes.Add("ended");
            })
            .OnDisconnected(() => _notes.Add("disconnected")));
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["stop"]""");

        Assert.Equal("closed 1001", await client.ReadAsync());
        await client.CloseAsync();
        Assert.Equal(["ended", "disconnected"], await _notes.NextAsync(2));
        await Task.WhenAll(host.StopAsync(), host.StopAsync()).Soon();
        AssertQuiet(host);
    }

    [Fact]
    public async Task A_server_with_a_name_is_stopped_too()
    {
        await using var host = await TestHost.StartAsync(
            build: builder => builder.Services.AddSocketIO("second"),
            use: app => app.MapSocketIO("/second", "second").OnDisconnected(async () =>
            {
                _notes.Add("begin");
                await _gate.Task;
                _notes.Add("end");
            }));
        await using var client = await SocketClient.ConnectAsync(host, path: "/second/");
        await client.AskAsync("40");

        var stopping = host.StopAsync();
        await client.CloseAsync();
        Assert.Equal("begin", await _notes.NextAsync());
        Assert.False(stopping.IsCompleted);
        _gate.SetResult();
        await stopping.Soon();

        Assert.Equal("end", await _notes.NextAsync());
    }

    [Fact]
    public async Task Without_an_endpoint_or_clients_there_is_nothing_to_wait_for()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddSocketIO();
        using var empty = builder.Build();
        await using var idle = await TestHost.StartAsync();
        await empty.StartAsync();

        // No clock moves meanwhile.
        await empty.StopAsync().Soon();
        await idle.StopAsync().Soon();
    }

    private Task<TestHost> StartAsync(string what, Action<SocketNamespaceBuilder>? more = null, Action<WebApplicationBuilder>? build = null)
    {
        return TestHost.StartAsync(
            io =>
            {
                if (what == "OnConnected") io.OnConnected(RunAsync);
                if (what == "OnDisconnecting") io.OnDisconnecting(RunAsync);
                if (what == "OnDisconnected") io.OnDisconnected(RunAsync);
                io.On("event", RunAsync);
                io.On("concurrent", [Concurrent(2)] (IServiceProvider services) => RunAsync(services));
                more?.Invoke(io);
            },
            build: builder =>
            {
                builder.Services.AddSingleton<Service>();
                build?.Invoke(builder);
            });

        // Asks for the service late, as code does that makes a scope for each step.
        async Task RunAsync(IServiceProvider services)
        {
            _notes.Add("begin");
            await _gate.Task;
            _notes.Add("end, " + services.GetRequiredService<Service>().State);
        }
    }

    private static void AssertQuiet(TestHost host) =>
        Assert.DoesNotContain(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Level >= LogLevel.Warning);

    private sealed class Service : IDisposable
    {
        public string State { get; private set; } = "the service is alive";

        public void Dispose() => State = "the service is gone";
    }
}
