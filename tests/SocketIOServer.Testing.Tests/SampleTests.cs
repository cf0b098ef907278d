namespace SocketIOServer.Testing.Tests;

/// <summary>What the documents show, as they show it.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_runs()
    {
        await using var host = await SocketIOTestHost.StartAsync(io => io.Of("/test").On("my broadcast event", (Text m, ISocket s) => s.Everyone.EmitAsync("my response", m)));
        await using var a = await host.ConnectAsync("/test"); await using var b = await host.ConnectAsync("/test");
        await a.EmitAsync("my broadcast event", new Text("hi"));
        Assert.Equal("hi", (await b.NextAsync<Text>("my response")).Data);
        host.Clock.Advance(TimeSpan.FromSeconds(45));   // ping timeout without waiting

        Assert.True(a.IsConnected && b.IsConnected);
        Assert.Empty(host.Errors);
    }

    private sealed record Text(string Data);
}
