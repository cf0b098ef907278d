using SocketIOClient;

namespace SocketIOServer.Interop.CSharp;

/// <summary>One client of one case; each wait ends with the name of what did not come.</summary>
internal sealed class Connection(Uri url, int eio, Way way) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private SocketIO _client = null!;

    public string Name => $"EIO{eio} {way.Name}";

    public bool IsOld => eio == 3;

    public SocketIO Client => _client;

    public async Task<SocketIO> ConnectAsync(string path = "", object? auth = null)
    {
        _client = new(new Uri(url, path), new SocketIOOptions
        {
            EIO = eio,
            Transport = way.Transport,
            AutoUpgrade = way.Upgrades,
            Reconnection = false,
            Auth = auth,
        });
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _client.OnConnected += (_, _) => connected.TrySetResult();
        _client.OnError += (_, message) => connected.TrySetException(new InvalidOperationException(message));
        await _client.ConnectAsync().WaitAsync(Patience);
        await Within("connect", connected.Task);
        return _client;
    }

    /// <summary>Emits, and gives the ack.</summary>
    public async Task<SocketIOResponse> CallAsync(string name, params object[] args)
    {
        var answer = new TaskCompletionSource<SocketIOResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _client.EmitAsync(name, answer.SetResult, args);
        return await Within($"ack of {name}", answer.Task);
    }

    /// <summary>The next event of that name; asked for before what makes the server send it.</summary>
    public Task<SocketIOResponse> NextAsync(string name)
    {
        var next = new TaskCompletionSource<SocketIOResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _client.On(name, response => next.TrySetResult(response));
        return Within(name, next.Task);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is null) return;
        try
        {
            await _client.DisconnectAsync().WaitAsync(Patience);
            _client.Dispose();
        }
        catch (Exception)
        {
            // The case is over; what the client says of a connection that has gone is its own affair.
        }
    }

    private static async Task<T> Within<T>(string what, Task<T> task)
    {
        await Within(what, (Task)task);
        return await task;
    }

    private static async Task Within(string what, Task task)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no {what} within {Patience}");
        }
    }
}
