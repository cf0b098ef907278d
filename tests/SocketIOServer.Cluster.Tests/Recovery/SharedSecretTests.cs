using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>The secret of a session in a store can be used once, however the client and the save meet.</summary>
public sealed class SharedSecretTests : SharedServers
{
    private readonly TaskCompletionSource _store = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_save_that_comes_after_the_client_is_back_leaves_nothing_in_the_store(int server)
    {
        var (client, _) = await JoinAsync(0, "room");
        var pid = client.Pid!;
        Log.Sessions.SavedAfter = _store.Task;
        client.Cut();
        await Eventually.TrueAsync(() => Log.Sessions.Begun == 1, "the session is being saved");
        var returning = ReturnAsync(client, server);
        await Eventually.TrueAsync(() => returning.IsCompleted || IsTaken(pid), "the client takes its session");
        _store.SetResult();
        await returning;
        Assert.True(client.Recovered, Refusals);
        await LeaveAsync(client, server);

        Assert.False(await CanUseAsync(pid, 1 - server));
        Assert.DoesNotContain(pid, Log.Sessions.Saved.Keys);
    }

    [Fact]
    public async Task A_session_that_another_server_has_from_the_store_is_not_given_from_memory()
    {
        var (client, _) = await JoinAsync(0, "room");
        var pid = client.Pid!;
        Log.Sessions.AnswersAfter = _store.Task;
        await CutAsync(client);
        await ReturnAsync(client, 1);
        Assert.True(client.Recovered, Refusals);
        await LeaveAsync(client, 1);

        var using0 = CanUseAsync(pid, 0);
        await Eventually.TrueAsync(() => using0.IsCompleted || IsTaken(pid), "somebody takes the session");
        _store.SetResult();
        Assert.False(await using0);
    }

    private async Task LeaveAsync(RecoveringClient client, int server)
    {
        await client.Client.SendAsync("41");
        await Eventually.TrueAsync(() => Servers[server].Io.Of("/").FindSocket(client.Sid) is null, "the client has left for good");
    }

    private async Task<bool> CanUseAsync(string pid, int server)
    {
        var thief = Create(server);
        thief.Pid = pid;
        await thief.ConnectAsync();
        return thief.Recovered;
    }

    // Of the first server, by a client of it or by another server.
    private bool IsTaken(string pid)
    {
        var recovery = Servers[0].Host.Services.GetRequiredService<SocketServer>().Declare("/").Context.Recovery!;
        return recovery.WhenTaken(pid) is not null || !recovery.Has(pid);
    }
}
