using Chat.Accounts;
using Chat.Rooms;
using SocketIOServer.Testing;

namespace Chat.Tests;

/// <summary>Ada has made a room, tea; there is Bob too.</summary>
public abstract class TeaTests : IAsyncLifetime
{
    private protected ChatProgram Chat { get; } = ChatProgram.Start();

    private protected SocketIOTestClient Ada { get; private set; } = null!;

    private protected Room Tea { get; private set; } = null!;

    private protected User Bob { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Ada = await Chat.JoinAsync("/rooms", "Ada");
        Tea = await Ada.CallAsync<Room>("create", "tea");
        Bob = await Chat.AddUserAsync("Bob");
    }

    public async ValueTask DisposeAsync()
    {
        await Chat.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A tab of Bob.</summary>
    private protected Task<SocketIOTestClient> TabAsync() => Chat.ConnectAsync("/rooms", Bob);
}
