using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SocketIOServer.Epoll.Tests;

/// <summary>What no request can bring about at will.</summary>
public sealed class EpollLoopTests
{
    [Fact]
    public async Task Nothing_that_is_scheduled_is_forgotten_while_the_loop_falls_asleep()
    {
        using var loop = Create();

        // Each waits for the last one, so the loop is about to sleep whenever something comes.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                loop.Schedule(state => ((TaskCompletionSource)state!).SetResult(), ran);
                await ran.Task.Soon();
            }
        })));
    }

    [Fact]
    public async Task A_thread_that_the_program_keeps_is_relieved_at_the_second_look()
    {
        var loop = Create();
        using var program = new Program(loop);

        loop.ReplaceBlockedThread();
        var scheduled = loop.ThreadAsync();
        Assert.False(scheduled.IsCompleted);
        loop.ReplaceBlockedThread();

        Assert.NotSame(program.Thread, await scheduled.Soon());
        program.Go();
        program.Thread.Join();
        loop.ReplaceBlockedThread();
        loop.Dispose();
    }

    [Fact]
    public async Task One_visit_after_another_is_not_a_long_one()
    {
        using var loop = Create();
        Thread? thread = null;

        for (var i = 0; i < 3; i++)
        {
            using var program = new Program(loop);
            thread ??= program.Thread;
            Assert.Same(thread, program.Thread);
            loop.ReplaceBlockedThread();
            program.Go();
            Assert.Same(thread, await loop.ThreadAsync());
        }
    }

    [Fact]
    public void A_loop_ends_without_the_thread_that_the_program_keeps()
    {
        var loop = Create();
        using var program = new Program(loop);
        loop.ReplaceBlockedThread();
        loop.ReplaceBlockedThread();

        loop.Dispose();

        Assert.True(program.Thread.IsAlive);
        program.Go();
        program.Thread.Join();
        // Dropped, and nobody is told to wake.
        loop.Schedule(_ => Assert.Fail("The loop has ended."), null);
    }

    [Fact]
    public async Task The_programs_work_runs_in_the_next_round_and_in_order()
    {
        using var loop = Create();
        var events = new List<string>();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Held until all is queued, so both handlers are of one round.
        using var go = new ManualResetEventSlim();
        loop.Schedule(_ => go.Wait(TestHost.Patience), null);

        loop.Schedule(_ => Handle("one"), null);
        loop.Schedule(_ => Handle("two"), null);
        go.Set();
        await over.Task.Soon();

        Assert.Equal(["handle one", "handle two", "write one", "write two"], events);

        void Handle(string name)
        {
            events.Add($"handle {name}");
            loop.ApplicationScheduler!.Schedule(
                _ =>
                {
                    events.Add($"write {name}");
                    if (events.Count == 4) over.SetResult();
                },
                null);
        }
    }

    [Fact]
    public async Task The_programs_work_that_keeps_its_thread_is_relieved_too()
    {
        using var loop = Create();
        var go = new TaskCompletionSource();
        var thread = await loop.KeepAsync(go);

        loop.ReplaceBlockedThread();
        loop.ReplaceBlockedThread();

        Assert.NotSame(thread, await loop.ThreadAsync());
        go.SetResult();
        thread.Join();
        Assert.NotSame(thread, await loop.ThreadAsync());
    }

    [Fact]
    public async Task What_the_loop_runs_may_throw_and_the_loop_goes_on()
    {
        using var log = new LogCollector();
        using var loop = Create(log.CreateLogger("epoll"));
        var thread = await loop.ThreadAsync();

        loop.Schedule(_ => throw new InvalidOperationException("own"), null);
        loop.ApplicationScheduler!.Schedule(_ => throw new InvalidOperationException("program's"), null);

        Assert.Same(thread, await loop.ThreadAsync());
        Assert.Same(thread, await loop.ThreadAsync());
        Assert.Equal(["own", "program's"], log.Errors.Select(line => line.Exception!.Message));
    }

    [Fact]
    public async Task What_a_thread_throws_that_was_relieved_ends_it_in_peace()
    {
        using var log = new LogCollector();
        using var loop = Create(log.CreateLogger("epoll"));
        var go = new TaskCompletionSource();
        var thread = await loop.KeepAsync(go);
        loop.ReplaceBlockedThread();
        loop.ReplaceBlockedThread();

        go.SetException(new InvalidOperationException("late"));
        thread.Join();

        Assert.NotSame(thread, await loop.ThreadAsync());
        Assert.IsType<AggregateException>(Assert.Single(log.Errors).Exception);
    }

    [Fact]
    public async Task After_a_thread_was_relieved_the_program_runs_on_the_pool_for_200_looks()
    {
        using var loop = Create();
        var go = new TaskCompletionSource();
        await loop.KeepAsync(go);
        loop.ReplaceBlockedThread();
        loop.ReplaceBlockedThread();
        go.SetResult();

        await ProgramThreadAsync(loop, isPool: true, looks: 199);
        await ProgramThreadAsync(loop, isPool: true, looks: 0);
        Assert.Same(await loop.ThreadAsync(), await ProgramThreadAsync(loop, isPool: false, looks: 1));
    }

    private static async Task<Thread> ProgramThreadAsync(EpollLoop loop, bool isPool, int looks)
    {
        for (var i = 0; i < looks; i++) loop.ReplaceBlockedThread();
        var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.ApplicationScheduler!.Schedule(_ => thread.SetResult(Thread.CurrentThread), null);
        Assert.Equal(isPool, (await thread.Task.Soon()).IsThreadPoolThread);
        return thread.Task.Result;
    }

    private static EpollLoop Create(ILogger? log = null) => new(MemoryPool<byte>.Shared, new(), log ?? NullLogger.Instance, "epoll test", static () => { });

    /// <summary>A reader that keeps the thread on which it was woken.</summary>
    private sealed class Program : IDisposable
    {
        private readonly ManualResetEventSlim _go = new();
        private readonly TaskCompletionSource<Thread> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Program(EpollLoop loop)
        {
            var pipe = new Pipe(loop.InputOptions);
            _ = KeepAsync(pipe.Reader);
            loop.Schedule(
                _ =>
                {
                    pipe.Writer.Write("x"u8);
                    _ = loop.FlushAsync(pipe.Writer).AsTask();
                    Assert.False(_arrived.Task.IsCompleted);
                    loop.RunReader();
                },
                null);
            Assert.True(_arrived.Task.Wait(TestHost.Patience));
            Thread = _arrived.Task.Result;
        }

        public Thread Thread { get; }

        public void Go() => _go.Set();

        public void Dispose() => Go();

        private async Task KeepAsync(PipeReader reader)
        {
            await reader.ReadAsync();
            _arrived.SetResult(Thread.CurrentThread);
            _go.Wait(TestHost.Patience);
        }
    }
}
