using Microsoft.Extensions.Options;

namespace SocketIOServer.Epoll.Tests;

public sealed class OptionsTests
{
    public static TheoryData<Action<EpollOptions>> Wrong =>
    [
        new(options => options.Loops = 0),
        new(options => options.Backlog = 0),
        new(options => options.MaxReadBufferSize = 0),
        new(options => options.MaxWriteBufferSize = -1),
    ];

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_number_below_one_is_refused_at_the_start(Action<EpollOptions> options)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => EpollHost.StartAsync(_ => Task.CompletedTask, options));

        Assert.Equal("Every number of EpollOptions is at least 1.", failure.Message);
    }

    [Fact]
    public async Task One_is_enough_of_everything()
    {
        await using var host = await EpollHost.StartAsync(
            context => context.EchoAsync(),
            options => (options.Loops, options.Backlog, options.MaxReadBufferSize, options.MaxWriteBufferSize, options.NoDelay) = (1, 1, 1, 1, false));
        using var http = new HttpClient();
        var sent = HttpOverRaw.Pattern(300_000);

        using var content = new ByteArrayContent(sent);
        using var response = await http.PostAsync(host.Address, content);

        Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync());
    }
}
