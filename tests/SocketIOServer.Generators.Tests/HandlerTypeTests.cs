namespace SocketIOServer.Generators.Tests;

public sealed class HandlerTypeTests
{
    [Theory]
    [InlineData("""io.On("say", [|(m, s) => s|]);""")]
    [InlineData("""io.Of("/chat").On("a", () => 1).On("b", [|(m, s) => 2|]).On("c", () => 3);""")]
    [InlineData("""io.On("say", [|async (m, s) => { await Task.Yield(); }|]);""")]
    [InlineData("""io.OnAny([|(m, s) => { }|]);""")]
    [InlineData("""io.OnConnecting([|(m, s) => { }|]).OnConnected([|(m, s) => { }|]).OnDisconnecting([|(m, s) => { }|]).OnDisconnected([|(m, s) => { }|]);""")]
    [InlineData("""io.OnConnected((ISocket socket) => { socket.On("a", [|(m, s) => { }|]); socket.Once("b", [|(m, s) => { }|]); });""")]
    public Task A_lambda_without_types_is_told_which(string code) => Slips.AreFoundAsync("SIO001", code, "Write the type of m and s");

    [Theory]
    [InlineData("""io.On("say", [|text => text|]);""")]
    [InlineData("""io.On("say", [|(text) => text|]);""")]
    public Task So_is_one_with_one_parameter(string code) => Slips.AreFoundAsync("SIO001", code, "Write the type of text,");

    [Theory]
    [InlineData("""io.OnConnecting([|(ISocket s) => throw new ConnectionRefusedException("no")|]);""")]
    [InlineData("""io.On("pick", [|(bool first) => { if (first) return 1; return "two"; }|]);""")]
    public Task A_lambda_whose_body_does_not_tell_what_it_returns_is_told_too(string code) => Slips.AreFoundAsync("SIO001", code, "return type");

    [Theory]
    [InlineData("""io.On("say", (string text) => Missing(text));""", "CS0103")]
    [InlineData("""io.On("say", (string text) => { return text.Missing(); });""", "CS1061")]
    [InlineData("""io.On("say", (Missing text) => text);""", "CS0246")]
    [InlineData("""io.On("say", async (string text) => await Missing(text));""", "CS0103")]
    public async Task Other_errors_of_the_compiler_speak_for_themselves(string code, string id)
    {
        var faults = await PackageCompiler.DiagnoseAsync(PackageCompiler.Compile(Slips.Program(code), Slips.Usings));

        Assert.Equal(id, Assert.Single(faults).Id);
    }

    [Fact]
    public Task What_has_a_type_is_right() => Slips.AreNoneAsync("""
        io.On("say", (string text, ISocket socket) => text)
            .On("nothing", () => { })
            .On("refuse", void (ISocket socket) => throw new AckException("no"))
            .On("throw", object () => throw new AckException("no"))
            .On("cast", (Func<int, int>)(n => n + 1))
            .On("named", Named)
            .OnError(e => default)
            .OnConnected((ISocket socket) => { });

        static int Named(int n) => n;
        """);

    [Fact]
    public Task Other_methods_of_that_name_are_none_of_ours() => Slips.AreNoneAsync("""
        new Button().On("click", (x, y) => x + y);

        sealed class Button { public void On(string name, Func<int, int, int> handler) => handler(1, name.Length); }
        """);
}
