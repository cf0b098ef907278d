using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>Code around the handlers of events, outermost first.</summary>
public sealed class FilterTests
{
    [Fact]
    public async Task Filters_run_around_the_handler_those_of_all_namespaces_outside()
    {
        var trace = new Trace();
        await using var host = await StartAsync(trace);
        await using var client = await SocketClient.JoinAsync(host, "/chat");

        Assert.Equal("43/chat,1[6]", await client.AskAsync("""42/chat,1["double",3]"""));

        Assert.Equal(["outer double", "inner double", "inner after 6", "outer after 6"], trace.Lines);
    }

    [Fact]
    public async Task What_a_filter_calls_when_its_event_is_over_is_refused()
    {
        await using var host = await TestHost.StartAsync(io => io.AddFilter<Keeping>().OnPing());
        await using var client = await SocketClient.JoinAsync(host);
        await client.AssertAliveAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Keeping.Next!.Invoke());
        await client.AssertAliveAsync();
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task A_namespace_has_its_own_filters_and_the_common_ones()
    {
        var trace = new Trace();
        await using var host = await StartAsync(trace);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("431[4]", await client.AskAsync("""421["double",2]"""));

        Assert.Equal(["outer double", "outer after 4"], trace.Lines);
    }

    [Theory]
    [InlineData("""["nothing"]""", "[]")]
    [InlineData("""["tuple"]""", """[1,"b"]""")]
    [InlineData("""["several"]""", """[1,2,3]""")]
    [InlineData("""["null"]""", "[null]")]
    [InlineData("""["refuse"]""", """["no"]""")]
    [InlineData("""["double","x"]""", """[{"error":"invalid arguments"}]""")]
    public async Task What_the_handler_returns_is_the_ack_as_without_a_filter(string call, string ack)
    {
        await using var host = await StartAsync(new());
        await using var client = await SocketClient.JoinAsync(host, "/chat");

        Assert.Equal("43/chat,1" + ack, await client.AskAsync("42/chat,1" + call));
    }

    [Fact]
    public async Task A_filter_may_answer_instead_and_read_the_arguments()
    {
        await using var host = await TestHost.StartAsync(io => io.On("e", () => "handler").AddFilter<Gate>());
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431["closed to 5 True"]""", await client.AskAsync("""421["e",5]"""));
        Assert.Equal("""432["handler"]""", await client.AskAsync("""422["e",1]"""));
    }

    [Fact]
    public async Task Events_stay_in_order_behind_a_filter_that_waits()
    {
        await using var host = await TestHost.StartAsync(io => io.On("e", (int value) => value).AddFilter<Slow>());
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < 20; i++) await client.SendAsync($"""42{i}["e",{i}]""");

        for (var i = 0; i < 20; i++) Assert.Equal($"43{i}[{i}]", await client.ReadAsync());
    }

    [Fact]
    public async Task A_filter_that_throws_fails_the_event_alone()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.Of("/chat").On("e", () => 1).AddFilter<Broken>();
            io.OnPing();
        });
        await using var client = await SocketClient.JoinAsync(host, "/chat");

        Assert.Equal("""43/chat,1[{"error":"failed"}]""", await client.AskAsync("""42/chat,1["e"]"""));
        await client.AskAsync("40");

        await client.AssertAliveAsync();
        Assert.Equal("broken", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    private static Task<TestHost> StartAsync(Trace trace) => TestHost.StartAsync(
        io =>
        {
            io.On("double", (int value) => value * 2);
            io.Of("/chat")
                .On("double", (int value) => value * 2)
                .On("nothing", () => { })
                .On("tuple", () => (1, "b"))
                .On("several", () => new AckArguments(1, 2, 3))
                .On("null", () => (string?)null)
                .On("refuse", string () => throw new AckException("no"))
                .AddFilter<Inner>();
        },
        build: builder =>
        {
            builder.Services.AddSingleton(trace);
            builder.Services.AddSocketIO().AddFilter<Outer>();
        });

    public sealed class Trace
    {
        public List<string> Lines { get; } = [];
    }

    public sealed class Outer(Trace trace) : Tracing(trace, "outer");

    public sealed class Inner(Trace trace) : Tracing(trace, "inner");

    public abstract class Tracing(Trace trace, string name) : IEventFilter
    {
        public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            trace.Lines.Add($"{name} {context.Name}");
            var result = await next(context);
            trace.Lines.Add($"{name} after {result}");
            return result;
        }
    }

    public sealed class Gate : IEventFilter
    {
        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            var number = context.ReadArguments()[0].GetInt32();
            return number > 3 ? new($"closed to {number} {context.WantsAck}") : next(context);
        }
    }

    public sealed class Slow : IEventFilter
    {
        public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            await Task.Yield();
            return await next(context);
        }
    }

    public sealed class Keeping : IEventFilter
    {
        public static Func<Task>? Next { get; private set; }

        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            Next = async () => await next(context);
            return next(context);
        }
    }

    public sealed class Broken : IEventFilter
    {
        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next) => throw new InvalidOperationException("broken");
    }
}
