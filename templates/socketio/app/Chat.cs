using SocketIOServer;

/// <summary>What the server sends to the pages. Each method is an event: <c>Said</c> is "said".</summary>
public interface IChatClient
{
    ValueTask Said(string from, string text);

    ValueTask Status(string text);
}

/// <summary>What the pages send to the server. An instance is made for each event, so services can be constructor parameters.</summary>
[Namespace("/")]
public sealed class Chat : SocketController<IChatClient>
{
#if (auth)
    private string Name => Socket.User.Identity?.Name ?? "somebody";
#else
    private string Name => $"visitor {Socket.Id[..4]}";
#endif

    public override async Task OnConnectedAsync(CancellationToken cancel) => await Clients.All.Status($"{Name} is here.");

    public override async Task OnDisconnectedAsync(LeaveReason reason) => await Clients.All.Status($"{Name} has left.");

    /// <summary>Sends a text to everyone. The result is the ack: how many clients are connected.</summary>
    [On("say")]
    public async Task<int> Say(string text)
    {
        if (text.Length is 0 or > 1000) throw new AckException(new { error = "Write 1 to 1000 characters." });
        await Clients.All.Said(Name, text);
        return await Everyone.CountAsync();
    }
}
