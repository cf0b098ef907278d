using Microsoft.Extensions.Logging;

namespace SocketIOServer.Attacks.Tests.Handlers;

/// <summary>ATTACKS A75: what a handler throws ends nothing, is logged once, and never reaches the client.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("at once", true)]
    [InlineData("at once", false)]
    [InlineData("later", true)]
    [InlineData("later", false)]
    [InlineData("cancelled", true)]
    [InlineData("cancelled", false)]
    [InlineData("by a bad result", true)]
    [InlineData("by a bad result", false)]
    public async Task A75_an_exception_is_logged_once_and_the_client_goes_on(string name, bool isPolling)
    {
        await using var host = await TestHost.StartAsync(io => io
            .On("ping", () => "pong")
            .On("at once", string () => throw new InvalidOperationException("secret"))
            .On("later", async Task<string> () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("secret");
            })
            .On("cancelled", string () => throw new OperationCanceledException("secret"))
            .On("by a bad result", () => new Unwritable("secret")));
        await using var client = await Attacker.OpenAsync(host, isPolling);

        Assert.Equal(("""437[{"error":"failed"}]""", "alive"), await client.SendAsync($"427[\"{name}\"]"));

        var error = Assert.Single(host.Log.Errors);
        Assert.Equal((LogLevel.Error, "SocketIOServer"), (error.Level, error.Category));
        Assert.Contains($"\"{name}\"", error.Text.Replace('\'', '"'), StringComparison.Ordinal);
        Assert.Contains(client.SocketId, error.Text, StringComparison.Ordinal);
        await client.DisposeAsync();
        Faults.AssertNone();
    }

    private sealed class Unwritable(string secret)
    {
        public string Text => throw new InvalidOperationException(secret);
    }
}
