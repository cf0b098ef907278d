using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Adapters;

namespace SocketIOServer.Tests.Recovery;

/// <summary>A client that has the session when events are lost on their way to the server is told so when it comes back.</summary>
public sealed class RecoveryGapTests
{
    [Fact]
    public async Task A_client_that_was_away_begins_a_new_session()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);

        LogOf(stage).NoteGap();

        Assert.False((await stage.ReturnAsync(client)).Recovered);
        Assert.False(client.Recovered);
        Assert.Contains(stage.Host.Log.Lines, line => line.Text.Contains(": gap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_was_connected_is_told_when_it_comes_back_even_if_it_has_later_events()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        LogOf(stage).NoteGap();
        await stage.Io.EmitAsync("later");
        await client.ReadAsync();

        await stage.CutAsync(client);

        Assert.False((await stage.ReturnAsync(client)).Recovered);
    }

    [Fact]
    public async Task It_is_told_once_and_its_next_session_is_recovered()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        LogOf(stage).NoteGap();
        await stage.CutAsync(client);
        await stage.ReturnAsync(client);

        await stage.CutAsync(client);
        await stage.Io.EmitAsync("missed");

        Assert.True((await stage.ReturnAsync(client)).Recovered);
        Assert.Contains("missed", await client.ReadAsync(), StringComparison.Ordinal);
    }

    private static EventLog LogOf(RecoveryStage stage) => stage.Host.Services.GetRequiredService<SocketServer>().Find("/")!.Context.Recovery!.Log;
}
