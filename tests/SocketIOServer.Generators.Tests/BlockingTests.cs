namespace SocketIOServer.Generators.Tests;

public sealed class BlockingTests
{
    [Theory]
    [InlineData("Thread.Sleep(1000)", "await Task.Delay")]
    [InlineData("Thread.Sleep(TimeSpan.FromSeconds(1))", "await Task.Delay")]
    [InlineData("job.Wait()", "await the task")]
    [InlineData("job.Wait(1000)", "await the task")]
    [InlineData("job.GetAwaiter().GetResult()", "await the task")]
    [InlineData("job.ConfigureAwait(false).GetAwaiter().GetResult()", "await the task")]
    [InlineData("socket.EmitAsync(\"a\").AsTask().Wait()", "await the task")]
    [InlineData("socket.EmitAsync(\"a\").GetAwaiter().GetResult()", "await the task")]
    [InlineData("Task.WaitAll(job)", "await Task.WhenAll")]
    [InlineData("Task.WaitAny(job)", "await Task.WhenAny")]
    public Task A_call_that_holds_the_thread_is_found(string call, string instead) => Slips.AreFoundAsync("SIO002", $$"""
        io.On("job", (ISocket socket, [Microsoft.AspNetCore.Mvc.FromServices] Task job) => { [|{{call}}|]; });
        """, instead);

    [Theory]
    [InlineData("""io.On("ask", (ISocket socket) => [|socket.CallAsync<int>("a").Result|]);""")]
    [InlineData("""io.On("ask", (ISocket socket) => { int n = [|new ValueTask<int>(1).Result|]; });""")]
    public Task So_is_a_result_that_is_not_there_yet(string code) => Slips.AreFoundAsync("SIO002", code, "Result");

    [Theory]
    [InlineData("io.OnConnected((ISocket socket) => { [|Thread.Sleep(1)|]; });")]
    [InlineData("io.OnAny((string name) => { if (name.Length > 3) { [|Thread.Sleep(1)|]; } });")]
    [InlineData("""io.On("a", async () => { await Task.Yield(); [|Thread.Sleep(1)|]; });""")]
    [InlineData("""io.OnConnected((ISocket socket) => { socket.Once("a", () => { [|Thread.Sleep(1)|]; }); });""")]
    [InlineData("""io.On("a", Slow); static void Slow() { [|Thread.Sleep(1)|]; }""")]
    [InlineData("""io.On("a", Elsewhere.Slow); static class Elsewhere { public static void Slow() { [|Thread.Sleep(1)|]; } }""")]
    [InlineData("""io.On("a", (Action)(() => { [|Thread.Sleep(1)|]; }));""")]
    [InlineData("""io.On("a", new Action(() => { [|Thread.Sleep(1)|]; }));""")]
    public Task It_is_found_in_all_that_is_a_handler(string code) => Slips.AreFoundAsync("SIO002", code);

    [Fact]
    public Task It_is_found_in_the_methods_and_hooks_of_a_class() => Slips.AreFoundAsync("SIO002", """
        io.Of<Chat>("/chat");

        sealed class Chat : SocketController
        {
            public override Task OnConnectedAsync(CancellationToken cancel) { [|Thread.Sleep(1)|]; return Task.CompletedTask; }
            [On("a")] public void A() { [|Thread.Sleep(1)|]; }
            public void Helper() { Thread.Sleep(1); }
        }
        """);

    [Theory]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("""io.On("a", () => Task.Run(() => Thread.Sleep(1)));""")]
    [InlineData("""io.On("a", () => { new Thread(() => { Thread.Sleep(1); }).Start(); });""")]
    [InlineData("""io.On("a", () => 1); Slow(); static void Slow() { Thread.Sleep(1); }""")]
    [InlineData("""io.OnError(e => { Thread.Sleep(1); return default; });""")]
    [InlineData("""io.On("a", async () => await Task.Delay(1));""")]
    public Task Elsewhere_it_may_stand(string code) => Slips.AreNoneAsync(code);

    [Theory]
    [InlineData("await one; return one.Result;")]
    [InlineData("await Task.WhenAll(one, other); return one.Result + other.Result;")]
    [InlineData("if (one.IsCompletedSuccessfully) return one.Result; return await other;")]
    [InlineData("var all = new[] { one, other }; await Task.WhenAll(all); return all[0].Result;")]
    public Task A_result_that_is_there_may_be_taken(string body) => Slips.AreNoneAsync($$"""
        io.On("both", async (ISocket socket) =>
        {
            var one = socket.CallAsync<int>("one");
            var other = socket.CallAsync<int>("other");
            await Task.Yield();
            {{body}}
        });
        """);

    [Fact]
    public Task A_result_that_another_task_waited_for_is_not_there() => Slips.AreFoundAsync("SIO002", """
        io.On("both", async (ISocket socket) =>
        {
            var one = socket.CallAsync<int>("one");
            var other = socket.CallAsync<int>("other");
            return await one + [|other.Result|];
        });
        """);
}
