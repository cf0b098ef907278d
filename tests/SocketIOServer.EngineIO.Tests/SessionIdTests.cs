namespace SocketIOServer.EngineIO.Tests;

/// <summary>Ids that the application generates: used where they can be, and never given to two sessions at a time.</summary>
public sealed class SessionIdTests : EngineTests
{
    [Fact]
    public async Task The_application_chooses_the_id()
    {
        var host = await StartAsync(options => options.GenerateId = context => "user-" + context.Request.Query["user"]);

        var client = await host.PollAsync(query: "&user=7");

        Assert.Equal("user-7", client.Sid);
        await client.PostAsync("4hi");
        Assert.Equal("4hi", await client.PollAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("é")]
    [InlineData("../x")]
    public async Task An_id_that_cannot_be_used_is_replaced(string? id)
    {
        var host = await StartAsync(options => options.GenerateId = _ => id!);
        host.ExpectedErrors = 1;

        var clients = new[] { await host.PollAsync(), await host.PollAsync() };

        Assert.All(clients, client => Assert.Equal(20, client.Sid.Length));
        Assert.Equal(14, Assert.Single(host.Web.Log.Errors).Id.Id);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task An_id_has_128_characters_at_most(int length, bool isUsed)
    {
        var id = new string('x', length);
        var host = await StartAsync(options => options.GenerateId = _ => id);
        host.ExpectedErrors = isUsed ? 0 : 1;

        var client = await host.PollAsync();

        Assert.Equal(isUsed, client.Sid == id);
    }

    [Fact]
    public async Task Two_open_sessions_never_have_one_id()
    {
        var host = await StartAsync(options => options.GenerateId = _ => "same");
        host.ExpectedErrors = 1;

        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PollAsync()));

        Assert.Equal(20, clients.Select(client => client.Sid).Distinct().Count());
        Assert.Single(clients, client => client.Sid == "same");
        await clients[3].PostAsync("4mine");
        Assert.Equal("4mine", await clients[3].PollAsync());
    }

    [Fact]
    public async Task A_generator_whose_id_is_taken_is_asked_again()
    {
        var ids = new Queue<string>(["a", "a", "a", "b"]);
        var host = await StartAsync(options => options.GenerateId = _ => ids.Dequeue());

        Assert.Equal("a", (await host.PollAsync()).Sid);
        Assert.Equal("b", (await host.PollAsync()).Sid);
    }

    [Fact]
    public async Task An_id_is_free_again_when_its_session_has_ended()
    {
        var host = await StartAsync(options => options.GenerateId = _ => "same");
        var first = await host.ConnectAsync();
        await first.DisposeAsync();
        await Eventually.TrueAsync(() => host.Single().Ends == 1, "the session has ended");

        Assert.Equal("same", (await host.PollAsync()).Sid);
    }

    [Fact]
    public async Task An_id_is_free_again_when_the_session_could_not_be_opened()
    {
        var host = await StartAsync(options => options.GenerateId = _ => "same");
        host.ExpectedErrors = 1;
        host.OnOpening = () => throw new InvalidOperationException("mine");
        Assert.Equal(500, (await host.RequestAsync("?EIO=4&transport=polling")).Status);

        host.OnOpening = null;

        Assert.Equal("same", (await host.PollAsync()).Sid);
    }

    [Fact]
    public async Task A_generator_that_throws_refuses_the_request()
    {
        var host = await StartAsync(options => options.GenerateId = _ => throw new InvalidOperationException("mine"));
        host.ExpectedErrors = 1;

        var answer = await host.RequestAsync("?EIO=4&transport=polling");

        Assert.Equal((500, """{"code":3,"message":"Internal server error"}"""), answer);
        Assert.Equal(5, Assert.Single(host.Web.Log.Errors).Id.Id);
    }
}
