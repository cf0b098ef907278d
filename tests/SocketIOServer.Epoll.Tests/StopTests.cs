using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Epoll.Tests;

/// <summary>What is left of a server after its end: nothing.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_stop_ends_idle_connections_and_lets_busy_ones_finish()
    {
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var host = await EpollHost.StartAsync(async context =>
        {
            if (context.Request.Path == "/busy")
            {
                arrived.SetResult();
                await go.Task;
            }

            await context.AnswerAsync("done");
        });
        await using var idle = await host.OpenAsync();
        await idle.GetAsync("/");
        await idle.ReadBodyAsync();
        await using var silent = await host.OpenAsync();
        await using var busy = await host.OpenAsync();
        await busy.GetAsync("/busy");
        await arrived.Task.Soon();

        var stopping = host.StopAsync();

        Assert.Empty(await idle.ReadToEndAsync());
        Assert.Empty(await silent.ReadToEndAsync());
        Assert.False(stopping.IsCompleted);
        go.SetResult();
        Assert.Contains("done", await busy.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping.Soon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Port_and_threads_are_free_after_it(bool stopsFirst)
    {
        // More loops than any other test has, so the last threads are this one's.
        var loops = stopsFirst ? 7 : 6;
        var last = $"epoll {loops - 1}";
        var host = await EpollHost.StartAsync(_ => Task.CompletedTask, options => options.Loops = loops);
        var port = host.Address.Port;
        await using var raw = await host.OpenAsync();
        Assert.Contains(last, ThreadNames());

        if (stopsFirst) await host.StopAsync();
        await host.DropAsync();

        Assert.Empty(await raw.ReadToEndAsync());
        // The kernel shows a thread for a moment after it was joined.
        if (stopsFirst) await Eventually.TrueAsync(() => !ThreadNames().Contains(last), "the threads end");
        using var again = new TcpListener(IPAddress.Loopback, port);
        again.Start();
    }

    [Fact]
    public async Task Two_servers_in_one_process_do_not_know_each_other()
    {
        await using var one = await EpollHost.StartAsync(context => context.AnswerAsync("one"));
        var two = await EpollHost.StartAsync(context => context.AnswerAsync("two"));
        await using var ofOne = await one.OpenAsync();

        Assert.Equal("two", await two.GetAsync());
        await two.DisposeAsync();

        await ofOne.GetAsync("/");
        Assert.Equal("one", await ofOne.ReadBodyAsync());
    }

    [Fact]
    public async Task A_stop_out_of_a_handler_does_not_wait_for_itself()
    {
        IHostApplicationLifetime? lifetime = null;
        await using var host = await EpollHost.StartAsync(context =>
        {
            lifetime!.StopApplication();
            return context.AnswerAsync("goodbye");
        });
        lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        Assert.Equal("goodbye", await host.GetAsync());
        await host.StopAsync().Soon();
    }

    private static IEnumerable<string> ThreadNames()
    {
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
        {
            string name;
            try
            {
                name = File.ReadAllText(Path.Combine(thread, "comm"));
            }
            catch (IOException)
            {
                // It has ended since.
                continue;
            }

            yield return name.TrimEnd();
        }
    }
}
