namespace SocketIOServer.Generators.Tests;

/// <summary>Handlers that the server refuses when the program starts, or never calls.</summary>
public sealed class HandlerTests
{
    [Theory]
    [InlineData("""io.On("a", [|async void () => await Task.Yield()|]);""")]
    [InlineData("""io.On("a", [|Run|]); static async void Run() => await Task.Yield();""")]
    [InlineData("""io.On("a", (Action)([|async () => await Task.Yield()|]));""")]
    [InlineData("""io.OnConnected((ISocket socket) => socket.On("a", [|async void () => await Task.Yield()|]));""")]
    [InlineData("""sealed class Chat : SocketController { [On("a")] public async void [|Run|]() => await Task.Yield(); }""")]
    public Task An_async_void_handler_is_found(string code) => Slips.AreFoundAsync("SIO004", code, "return Task");

    [Theory]
    [InlineData("""class Chat { [[|On("a")|]] public void A() { } }""", "[On]")]
    [InlineData("""class Chat { [[|OnFallback|]] public void A(string name) { } }""", "[OnFallback]")]
    [InlineData("""[[|Namespace("/chat")|]] class Chat;""", "[Namespace]")]
    public Task Attributes_on_a_class_that_is_no_namespace_are_found(string code, string which) => Slips.AreFoundAsync("SIO005", code, which);

    [Theory]
    [InlineData("private void [|A|]() { }", "not public")]
    [InlineData("void [|A|]() { }", "not public")]
    [InlineData("internal static void [|A|]() { }", "not public")]
    [InlineData("public void [|A|]<T>(T value) { }", "generic")]
    public Task A_method_that_cannot_be_a_handler_is_found(string method, string why) =>
        Slips.AreFoundAsync("SIO006", $$"""class Chat : SocketController { [On("a")] {{method}} }""", why);

    [Fact]
    public Task A_fallback_that_cannot_be_a_handler_is_found() =>
        Slips.AreFoundAsync("SIO006", """class Chat : SocketController { [OnFallback] void [|A|](string name) { } }""", "not public");

    [Theory]
    [InlineData("""io.On("a", () => 1).On("b", () => 2).OnConnected(() => { }).On([|"a"|], () => 3);""")]
    [InlineData("""io.Of("/chat").On("a", () => 1).On([|"a"|], () => 3).On("b", () => 2);""")]
    [InlineData("""io.On("a", () => 1).Of("/chat").On("a", () => 1).On([|"a"|], () => 3);""")]
    [InlineData("""class Chat : SocketController { [On("a")] public void A() { } [On("b"), [|On("a")|]] public void B() { } }""")]
    public Task A_second_handler_of_an_event_is_found(string code) => Slips.AreFoundAsync("SIO007", code, "\"a\"");

    [Theory]
    [InlineData("public Task [|OnConnectedAsync|]() => Task.CompletedTask;", "OnConnectedAsync(CancellationToken cancel)")]
    [InlineData("public void [|OnDisconnectedAsync|](string reason) { }", "OnDisconnectedAsync(LeaveReason reason)")]
    [InlineData("Task [|OnConnectingAsync|](ISocket socket) => Task.CompletedTask;", "OnConnectingAsync(CancellationToken cancel)")]
    public Task A_hook_with_other_parameters_is_found(string method, string instead) =>
        Slips.AreFoundAsync("SIO008", $$"""class Chat : SocketController<IClient> { {{method}} } interface IClient { ValueTask Said(string text); }""", instead);

    [Fact]
    public Task Right_classes_are_right() => Slips.AreNoneAsync("""
        io.Of<Chat>().On("d", () => 1);
        io.On("a", () => 1);
        io.Of("/other").On("a", () => 2);
        io.On("b", () => 1).Of("/third").On("b", () => 2).OfAny(name => true).On("b", () => 3);
        io.OnConnected((ISocket socket) => { socket.On("b", () => { }); socket.On("b", () => { }); });

        [Namespace("/chat")]
        class Chat : SocketController<IClient>
        {
            public override Task OnConnectedAsync(CancellationToken cancel) => Clients.Caller.Said("hi").AsTask();
            [On("a"), On("b")] public virtual async Task<int> Several(int n) { await Task.Yield(); return n; }
            [On("c")] public static void C() { }
            private async void Fire() => await Task.Yield();
            public void Start() => Fire();
        }

        sealed class Louder : Chat { public override Task OnConnectedAsync(CancellationToken cancel) => base.OnConnectedAsync(cancel); }

        interface IClient { [On("was said")] ValueTask Said(string text); }

        class Hub { public Task OnConnectedAsync() => Task.CompletedTask; }
        """);
}
