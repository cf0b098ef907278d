using System.Text.Json;

namespace SocketIOServer.Testing.Tests;

/// <summary>Answers both ways, and those that do not come.</summary>
public sealed class AckTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_server_answers_a_client()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("add", (int a, int b) => a + b));
        await using var client = await host.ConnectAsync();

        Assert.Equal(5, await client.CallAsync<int>("add", 2, 3));
    }

    [Fact]
    public async Task All_arguments_of_an_answer_can_be_read()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("pair", () => (1, "two")));
        await using var client = await host.ConnectAsync();

        var answer = await client.CallAsync("pair");

        Assert.Equal((2, 1, "two"), (answer.Count, answer.Get<int>(), answer.Get<string>(1)));
        Assert.Equal("""[1,"two"]""", answer.ToString());
    }

    [Fact]
    public async Task A_call_waits_for_the_end_of_a_handler()
    {
        var isDone = false;
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("work", async Task () =>
        {
            await Task.Yield();
            isDone = true;
        }));
        await using var client = await host.ConnectAsync();

        Assert.Equal(0, (await client.CallAsync("work")).Count);

        Assert.True(isDone);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_an_error_of_the_call()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.On("text", () => "a"));
        await using var client = await host.ConnectAsync();

        await Assert.ThrowsAsync<JsonException>(() => client.CallAsync<int>("text"));
    }

    [Fact]
    public async Task A_client_answers_the_server()
    {
        await using var host = await StartAskingAsync();
        await using var client = await host.ConnectAsync();
        client.On<int>("question", number => number * 2);

        Assert.Equal("42", await client.CallAsync<string>("ask", 21));
        Assert.Equal(21, await client.NextAsync<int>("question"));
    }

    [Fact]
    public async Task A_client_answers_an_event_that_was_taken()
    {
        await using var host = await StartAskingAsync();
        await using var client = await host.ConnectAsync();
        var asked = client.CallAsync<string>("ask", 1);

        var question = await client.NextAsync("question");
        await question.AckAsync(7);

        Assert.True(question.WantsAck);
        Assert.Equal("7", await asked);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_times_out_by_the_clock()
    {
        await using var host = await StartAskingAsync();
        await using var client = await host.ConnectAsync();
        var asked = client.CallAsync<string>("ask", 1);
        await client.NextAsync("question");

        host.Clock.Advance(4 * Second);
        Assert.False(asked.IsCompleted);
        host.Clock.Advance(Second);

        Assert.Equal("no answer", await asked);
    }

    [Fact]
    public async Task What_an_answer_throws_is_found_with_the_host()
    {
        await using var host = await StartAskingAsync();
        await using var client = await host.ConnectAsync();
        client.On("question", _ => throw new InvalidOperationException("mine"));

        await client.EmitAsync("ask", 1);

        Assert.Equal("mine", Assert.Single(host.Errors).Message);
    }

    [Fact]
    public async Task Leaving_ends_a_call()
    {
        await using var host = await StartAskingAsync();
        await using var client = await host.ConnectAsync();
        var asked = client.CallAsync<string>("ask", 1);

        await client.DisconnectAsync();

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => asked);
        Assert.Equal(LeaveReason.ClientNamespaceDisconnect, error.Reason);
    }

    private static Task<SocketIOTestHost> StartAskingAsync() => SocketIOTestHost.StartAsync(io => io.On("ask", async (int number, ISocket socket) =>
    {
        try
        {
            return (await socket.CallAsync<int>("question", number, 5 * Second)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (TimeoutException)
        {
            return "no answer";
        }
    }));
}
