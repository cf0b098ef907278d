namespace SocketIOServer.EngineIO.Tests;

/// <summary>Ends every host of a test after it, and checks then that nothing is left over; sends what many tests send.</summary>
public abstract class EngineTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _used = [];

    public async ValueTask DisposeAsync()
    {
        // Clients first: a server cannot end before those who talk to it.
        for (var i = _used.Count - 1; i >= 0; i--) await _used[i].DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected T Keep<T>(T used)
        where T : IAsyncDisposable
    {
        _used.Add(used);
        return used;
    }

    private protected async Task<EngineHost> StartAsync(Action<EngineOptions>? options = null) => Keep(await EngineHost.StartAsync(options));

    // When the echo is back, the server has read all that was sent before.
    private protected static async Task EchoAsync(SocketClient client, string text = "echo")
    {
        await client.SendAsync("4" + text);
        Assert.Equal("4" + text, await client.ReadAsync());
    }
}
