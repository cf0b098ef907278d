using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Recovery;

namespace SocketIOServer.Tests.Recovery;

/// <summary>Whether other servers are asked for a session.</summary>
public sealed class SessionOwnersTests
{
    [Fact]
    public async Task A_server_that_joins_while_a_client_is_let_in_is_not_asked()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var owners = new JoiningOwners();
        stage.Host.Services.GetRequiredService<SocketServer>().Find("/")!.Context.Recovery!.Others = owners;
        var client = stage.CreateClient();
        client.Pid = new string('x', 24);

        await client.ConnectAsync();

        Assert.False(client.Recovered);
        Assert.False(owners.IsAsked);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task No_server_is_asked_for_a_secret_that_none_can_have_given(int length, bool isAsked)
    {
        await using var stage = await RecoveryStage.StartAsync();
        var owners = new JoiningOwners { IsAlwaysThere = true };
        stage.Host.Services.GetRequiredService<SocketServer>().Find("/")!.Context.Recovery!.Others = owners;
        var client = stage.CreateClient();
        client.Pid = new string('x', length);

        await client.ConnectAsync();

        Assert.False(client.Recovered);
        Assert.Equal(isAsked, owners.IsAsked);
    }

    private sealed class JoiningOwners : ISessionOwners
    {
        private int _reads;

        public bool IsAlwaysThere { get; init; }

        public bool IsAsked { get; private set; }

        // Nobody at first, and then somebody.
        public bool Any => IsAlwaysThere || Interlocked.Increment(ref _reads) > 1;

        public Task<(MovedSession? Session, string? Failure)> TakeAsync(RecoveryRequest request, string? userId)
        {
            IsAsked = true;
            return Task.FromResult<(MovedSession?, string?)>((null, RecoveryFailure.NoAnswer));
        }

        public Task<(string? Record, string? Failure)> TakeRecordAsync(RecoveryRequest request, string? userId) => throw new NotSupportedException();
    }
}
