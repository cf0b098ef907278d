using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.History;

/// <summary>Four emitters at once, and clients that join while they emit: each has the latest events before it joined and all later ones, once.</summary>
public sealed class HistoryConcurrencyTests
{
    private const int Emitters = 4;
    private const int EventsAtEnd = 20;
    private const int Joiners = 12;
    private const int Latest = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_missing_and_nothing_comes_twice(bool isForAll)
    {
        await using var stage = await HistoryStage.StartAsync(
            history => history.EventsOnConnect = isForAll ? Latest : 0, options => options.MaxQueuedBytes = 16 << 20);
        var (first, firstSocket) = await stage.ConnectAsync();
        await firstSocket.JoinAsync("room");
        var all = Task.Run(() => ReadAllAsync(first.ReadAsync));
        var set = isForAll ? stage.Io : stage.Io.To("room");
        var joined = new TaskCompletionSource();
        var emitting = Emit(set, joined.Task);

        List<(Task<List<string>> Events, int Count)> late = [];
        for (var i = 0; i < Joiners; i++)
        {
            var (client, socket) = await stage.ConnectAsync();
            var count = isForAll ? -1 : await socket.JoinWithHistoryAsync("room", Latest);
            late.Add((Task.Run(() => ReadAllAsync(client.ReadAsync)), count));
        }

        joined.SetResult();
        await emitting;
        await set.EmitAsync("end", 0, 0);
        var expected = await all;
        foreach (var (events, count) in late)
        {
            var got = await events;
            Assert.Equal(expected[^got.Count..], got);
            // Fewer were sent only if there were fewer.
            if (count is >= 0 and < Latest) Assert.Equal(expected.Count, got.Count);
            Assert.True(got.Count >= Emitters * EventsAtEnd);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    public async Task Also_if_connections_break_while_the_history_is_sent(int cutAfter)
    {
        await using var stage = await HistoryStage.StartAsync(
            options: options => (options.Recovery, options.MaxQueuedBytes) = (new() { MaxMessages = 100_000 }, 16 << 20),
            map: io => io.OnConnected(async (ISocket socket) => await socket.JoinWithHistoryAsync("room", Latest)));
        var (first, _) = await stage.ConnectRecoveringAsync();
        var all = Task.Run(() => ReadAllAsync(first.ReadAsync));
        var joined = new TaskCompletionSource();
        var emitting = Emit(stage.Io.To("room"), joined.Task);

        List<Task<List<string>>> late = [];
        for (var i = 0; i < 4; i++)
        {
            var (client, _) = await stage.ConnectRecoveringAsync();
            late.Add(Task.Run(() => ReadWithCutsAsync(client, cutAfter)));
        }

        joined.SetResult();
        await emitting;
        await stage.Io.To("room").EmitAsync("end", 0, 0);
        var expected = await all;
        foreach (var events in late)
        {
            var got = await events;
            Assert.Equal(expected[^got.Count..], got);
        }

        Assert.Empty(stage.Host.Log.Errors);
    }

    // Emits until all have joined, and a few more.
    private static Task Emit(IBroadcast set, Task joined) => Task.WhenAll(Enumerable.Range(0, Emitters).Select(emitter => Task.Run(async () =>
    {
        var last = int.MaxValue;
        for (var i = 0; i < last; i++)
        {
            await set.EmitAsync("n", emitter, i);
            if (last == int.MaxValue && joined.IsCompleted) last = i + EventsAtEnd;
            if (i % 5 == 0) await Task.Delay(1);
        }
    })));

    private static async Task<List<string>> ReadAllAsync(Func<Task<string>> read)
    {
        List<string> events = [];
        while (true)
        {
            var text = await read();
            var args = JsonNode.Parse(text[text.IndexOf('[', StringComparison.Ordinal)..])!.AsArray();
            if ((string?)args[0] == "end") return events;
            events.Add($"{args[1]}:{args[2]}");
        }
    }

    private static Task<List<string>> ReadWithCutsAsync(RecoveringClient client, int cutAfter)
    {
        var received = 0;
        return ReadAllAsync(async () =>
        {
            if (received > 0 && received % cutAfter == 0 && received / cutAfter <= 60)
            {
                client.Cut();
                await client.ConnectAsync();
                Assert.True(client.Recovered);
            }

            received++;
            return await client.ReadAsync();
        });
    }
}
