using System.Collections.Concurrent;
using System.Security.Principal;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Events;

/// <summary>A parameter that neither the call nor a service nor a client can fill is refused when its handler is mapped.</summary>
public sealed class RefusedParameterTests : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SocketEndpointBuilder _io;

    public RefusedParameterTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO();
        builder.Services.AddKeyedSingleton("one", new Registered());
        builder.Services.AddSingleton(new Registered());
        _app = builder.Build();
        _io = _app.MapSocketIO();
    }

    private delegate void Callback(string text);

    private interface IPolls
    {
        void Vote();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void A_service_that_is_not_registered_is_no_argument_of_the_client()
    {
        AssertRefused((string a, IPolls polls) => polls.Vote(), "\"IPolls polls\"", "interface", "AddScoped<IPolls, …>()");
        AssertRefused((string a, Polls polls) => polls.Vote(), "\"Polls polls\"", "no property", "AddScoped<Polls>()");
        AssertRefused((string a, Store store) => store.Polls.Vote(), "\"Store store\"", "\"IPolls polls\"", "AddScoped<Store>()");
        AssertRefused((Unnamed unnamed) => unnamed.Sum, "\"int number\"", "not one of its properties");
        AssertRefused((Ambiguous ambiguous) => ambiguous.Number, "[JsonConstructor]");
        AssertRefused((HttpClient http) => http.Timeout, "disposable", "AddScoped<HttpClient>()");
        AssertRefused((AbstractPolls polls) => polls.Count, "abstract class", "AddScoped<AbstractPolls, …>()");
        AssertRefused((TimeProvider? time, ConcurrentStore store) => store.Count, "\"ConcurrentStore store\"");
    }

    [Fact]
    public void So_it_is_within_a_collection() => AssertRefused((List<IPolls> all) => all.Count, "List<IPolls> all", "IPolls is an interface");

    [Fact]
    public void What_is_never_an_argument_is_refused_with_what_to_write()
    {
        AssertRefused((string text, Action<string> ack) => ack(text), "\"Action<string> ack\"", "return a value", "the ack");
        AssertRefused((Callback ack) => ack(""), "the ack");
        AssertRefused((HttpContext context) => context.Request.Path.Value, "Handshake");
        AssertRefused((HttpRequest request) => request.Path.Value, "Handshake");
        AssertRefused((ILogger logger) => logger.IsEnabled(LogLevel.Debug), "ILogger<T>");
        AssertRefused((Task<string> text) => text.Result, "without a task");
        AssertRefused((ValueTask<string> text) => text.Result, "without a task");
        AssertRefused((MemoryStream stream) => stream.Length, "Take Stream or byte[]");
        AssertRefused((IPrincipal user) => user.Identity?.Name, "ClaimsPrincipal");
        AssertRefused((IBroadcast everyone) => everyone.ToString(), "ISocketNamespace");
        AssertRefused((SocketData data) => data.ToString(), "ISocket");
        AssertRefused((Type type) => type.Name, "Reflection");
        AssertRefused((nint pointer) => (long)pointer, "pointer");
        AssertRefused((ReadOnlySpan<byte> data) => data.Length, "stack", "byte[]");
        AssertRefused((IAsyncEnumerable<int> numbers) => numbers.ToString(), "interface");
        AssertRefused((int number, LeaveReason reason) => reason.ToString(), "OnDisconnecting and OnDisconnected");
    }

    [Fact]
    public void An_attribute_asks_for_a_service_that_is_registered()
    {
        AssertRefused(([FromServices] Polls polls) => polls.Vote(), "\"Polls polls\"", "No service of that type is registered");
        AssertRefused(([FromKeyedServices("two")] Registered polls) => polls.Number, "\"two\"");
        AssertRefused(([FromAuth] IPolls polls) => polls.Vote(), "interface");

        _io.On("optional", ([FromServices] Polls? polls) => polls?.Vote());
        _io.On("keyed", ([FromKeyedServices("one")] Registered polls) => polls.Number);
        _io.On("keyed optional", ([FromKeyedServices("two")] Registered? polls) => polls?.Number);
        _io.On("registered", ([FromServices] Registered polls, IServiceProvider services) => polls.Number);
    }

    [Fact]
    public void Hooks_are_refused_in_the_same_words()
    {
        Assert.Contains("no arguments", Assert.Throws<ArgumentException>(() => _io.OnConnected((string token) => token.Length)).Message, StringComparison.Ordinal);
#pragma warning disable SIO014 // The analyzer does not see every declaration.
        Assert.Contains("Handshake", Assert.Throws<ArgumentException>(() => _io.OnConnecting((HttpContext context) => { })).Message, StringComparison.Ordinal);
#pragma warning restore SIO014
        Assert.Contains("LeaveReason", Assert.Throws<ArgumentException>(() => _io.OnConnected((LeaveReason reason) => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_is_told_of_its_own_handler_too() =>
        Assert.Contains("interface", Assert.Throws<ArgumentException>(() => _io.OnFallback((string name, IPolls polls) => polls.Vote())).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_client_can_send_is_taken()
    {
        var n = 0;
        Take((IReadOnlyList<int> a, IDictionary<string, string> b, ISet<string> c, IEnumerable<byte> d) => 1);
        Take((Shape shape, IShape other, object anything) => 1);
        Take((Point point, KeyValuePair<string, int> pair, Options options, Extra extra, Tree tree) => 1);
        Take((Stream content, byte[] bytes, Guid id, DateTimeOffset at, Uri uri, JsonDocument document) => 1);
        Take((DateOnly? day, TimeSpan span, Version version, Dictionary<string, List<Point>> map, Populated populated) => 1);

        void Take(Delegate handler) => _io.On($"event {n++}", handler);
    }

    [Fact]
    public void A_constructor_that_takes_what_is_not_registered_is_told()
    {
        AssertMessage(Assert.Throws<ArgumentException>(() => _io.Of<NeedsPolls>("/x")), "The constructor of NeedsPolls takes \"IPolls polls\"", "AddScoped<IPolls, …>()");
        AssertMessage(Assert.Throws<ArgumentException>(() => _io.Of<NeedsSocket>("/x")), "property Socket");
        AssertMessage(Assert.Throws<ArgumentException>(() => _io.Of<NeedsLogger>("/x")), "ILogger<NeedsLogger>");
        AssertMessage(Assert.Throws<ArgumentException>(() => _io.AddFilter<NeedyFilter>()), "The constructor of NeedyFilter takes \"IPolls polls\"");
        _io.Of<NeedsNothing>("/x");
    }

    [Fact]
    public async Task So_is_a_filter_of_all_namespaces()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO().AddFilter<NeedyFilter>();
        await using var app = builder.Build();

        AssertMessage(Assert.Throws<ArgumentException>(() => app.MapSocketIO()), "The constructor of NeedyFilter takes \"IPolls polls\"");
    }

    private void AssertRefused(Delegate handler, params string[] parts) => AssertMessage(Assert.Throws<ArgumentException>(() => _io.On("vote", handler)), ["\"vote\"", .. parts]);

    private static void AssertMessage(ArgumentException error, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));

    internal sealed class Polls
    {
        public int Count { get; private set; }

        public void Vote() => Count++;
    }

    internal sealed class ConcurrentStore
    {
        private readonly ConcurrentDictionary<string, int> _votes = new();

        public int Count => _votes.Count;
    }

    internal abstract class AbstractPolls
    {
        public int Count { get; set; }
    }

    internal sealed class Registered
    {
        public int Number { get; set; }
    }

    private sealed class Store(IPolls polls)
    {
        public IPolls Polls => polls;
    }

    internal sealed class Unnamed(int number)
    {
        public int Sum { get; set; } = number;
    }

    internal sealed class Ambiguous
    {
        public Ambiguous(int number) => Number = number;

        public Ambiguous(string text) => Number = text.Length;

        public int Number { get; set; }
    }

    internal sealed record Point(int X, int Y);

    internal sealed record Tree(string Name, List<Tree> Children, Tree? Parent = null);

    internal sealed class Options
    {
        public required string Name { get; init; }
    }

    internal sealed class Extra
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement> More { get; } = [];
    }

    internal sealed class Populated
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<int> Numbers { get; } = [];
    }

    [JsonDerivedType(typeof(Circle), "circle")]
    internal abstract record Shape;

    internal sealed record Circle(int Radius) : Shape, IShape;

    [JsonDerivedType(typeof(Circle), "circle")]
    internal interface IShape;

    private sealed class NeedsPolls(IPolls polls) : SocketController
    {
        [On("x")]
        public void X() => polls.Vote();
    }

    private sealed class NeedsSocket(ISocket socket) : SocketController
    {
        [On("x")]
        public string X() => socket.Id;
    }

    private sealed class NeedsLogger(ILogger logger) : SocketController
    {
        [On("x")]
        public bool X() => logger.IsEnabled(LogLevel.Debug);
    }

    private sealed class NeedsNothing(Registered registered, [FromKeyedServices("one")] Registered keyed, ILogger<NeedsNothing> logger, IPolls? polls = null) : SocketController
    {
        [On("x")]
        public bool X() => registered == keyed && logger.IsEnabled(LogLevel.Debug) && polls is null;
    }

    private sealed class NeedyFilter(IPolls polls) : IEventFilter
    {
        public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
        {
            polls.Vote();
            return next(context);
        }
    }
}
