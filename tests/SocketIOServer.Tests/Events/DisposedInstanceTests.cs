using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>Controllers and filters are disposed of once, after their event and before the services of its scope, whoever creates them.</summary>
public sealed class DisposedInstanceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_controller_and_a_filter_are_disposed_of_once_after_each_event(bool areRegistered)
    {
        var notes = new Inbox<string>();
        await using var host = await StartAsync(notes, areRegistered);
        await using var client = await SocketClient.JoinAsync(host, "/made");

        Assert.Equal("43/made,1[]", await client.AskAsync("""42/made,1["works"]"""));
        Assert.Equal(["works", "controller", "filter", "service"], (await notes.NextAsync(4)).ToArray());

        Assert.Equal("""43/made,2[{"error":"failed"}]""", await client.AskAsync("""42/made,2["throws"]"""));
        Assert.Equal(["throws", "controller", "filter", "service"], (await notes.NextAsync(4)).ToArray());

        Assert.Equal("""43/made,3[{"error":"invalid arguments"}]""", await client.AskAsync("""42/made,3["takes","text"]"""));
        Assert.Equal(["controller", "filter", "service"], (await notes.NextAsync(3)).ToArray());
        notes.Add("end");
        Assert.Equal("end", await notes.NextAsync());
    }

    [Fact]
    public async Task Dispose_that_throws_keeps_nothing_else_from_being_disposed_of()
    {
        var notes = new Inbox<string>();
        await using var host = await StartAsync(notes, areRegistered: false);
        await using var client = await SocketClient.JoinAsync(host, "/made");

        Assert.Equal("43/made,1[]", await client.AskAsync("""42/made,1["breaks"]"""));

        Assert.Equal(["filter", "service"], (await notes.NextAsync(2)).ToArray());
        Assert.Equal("Dispose", Assert.Single(host.Log.Errors).Exception!.Message);
    }

    private static Task<TestHost> StartAsync(Inbox<string> notes, bool areRegistered) => TestHost.StartAsync(
        io => io.Of<Made>("/made").AddFilter<Filter>(),
        build: builder =>
        {
            builder.Services.AddSingleton(notes).AddScoped<Service>();
            if (areRegistered) builder.Services.AddScoped<Filter>().AddScoped<Made>();
        });

    internal sealed class Service(Inbox<string> notes) : IDisposable
    {
        public void Note(string text) => notes.Add(text);

        public void Dispose() => notes.Add("service");
    }

    internal sealed class Filter(Service service) : IEventFilter, IAsyncDisposable
    {
        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next) => next(context);

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            service.Note("filter");
        }
    }

    internal sealed class Made(Service service) : SocketController, IDisposable
    {
        private bool _isBroken;

        [On("works")]
        public async Task Works()
        {
            await Task.Yield();
            service.Note("works");
        }

        [On("throws")]
        public void Throws()
        {
            service.Note("throws");
            throw new InvalidOperationException("the handler's");
        }

        [On("takes")]
#pragma warning disable CA1822 // Handlers are methods of an instance.
        public int Takes(int number) => number;
#pragma warning restore CA1822

        [On("breaks")]
        public void Breaks() => _isBroken = true;

        public void Dispose()
        {
            if (_isBroken) throw new InvalidOperationException("Dispose");
            service.Note("controller");
        }
    }
}
