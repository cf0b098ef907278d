using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Epoll.Tests;

/// <summary>What the program schedules on its connection runs on the loop, behind what is read there now.</summary>
public sealed class RoundTests
{
    [Fact]
    public async Task What_many_messages_lead_to_is_written_once_behind_them()
    {
        var events = new ConcurrentQueue<string>();
        var reads = new TaskCompletionSource();
        await using var host = await EpollHost.StartBareAsync(connection =>
        {
            // Waits before anything comes, so it goes on upon the loop.
            var counting = CountAsync(connection, events);
            reads.SetResult();
            return counting;
        });
        await using var raw = await host.OpenAsync();
        await reads.Task.Soon();

        // One segment, so it is read at once.
        await raw.SendAsync("0123456789abcdef");

        Assert.Equal("0123456789abcdef"u8.ToArray(), await raw.ReadAsync(16));
        Assert.Equal([.. "0123456789abcdef".Select(digit => digit.ToString()), "handled", "flushed on epoll"], events);
    }

    [Fact]
    public async Task Without_RunInline_nothing_is_the_loops_to_run()
    {
        await using var host = await EpollHost.StartBareAsync(
            connection => connection.Transport.Output.WriteAsync(connection.Features.Get<IConnectionSchedulerFeature>() is null ? "none"u8.ToArray() : "one"u8.ToArray()).AsTask(),
            options => options.RunInline = false);
        await using var raw = await host.OpenAsync();

        Assert.Equal("none", await raw.ReadToEndAsync());
    }

    private static async Task CountAsync(ConnectionContext connection, ConcurrentQueue<string> events)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        var scheduler = connection.Features.Get<IConnectionSchedulerFeature>()!.Scheduler;
        var isScheduled = false;
        while (await input.ReadAsync() is { IsCompleted: false } read)
        {
            foreach (var message in read.Buffer.ToArray())
            {
                events.Enqueue(((char)message).ToString());
                output.Write([message]);
                if (!isScheduled) scheduler.Schedule(_ => Flush(), null);
                isScheduled = true;
            }

            input.AdvanceTo(read.Buffer.End);
            events.Enqueue("handled");
        }

        void Flush()
        {
            events.Enqueue($"flushed on {Thread.CurrentThread.Name?.Split(' ')[0]}");
            _ = output.FlushAsync().AsTask();
        }
    }
}
