using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.History;

/// <summary>Four emitters at once, and clients that join while they emit: each has the latest events before it joined and all later ones, once.</summary>
public sealed class HistoryConcurrencyTests
{
    private const int Emitters = 4;
    private const int EventsAtEnd = 20;
    private const int Joiners = 12;
    private const int Latest = 20;
    private const int Stays = 50;

    [Fact]
    public async Task Nothing_is_missing_and_nothing_comes_twice_in_a_room()
    {
        await using var stage = await HistoryStage.StartAsync(options: options => options.MaxQueuedBytes = 64 << 20);
        var (first, firstSocket) = await stage.ConnectAsync();
        await firstSocket.JoinAsync("room");
        var all = Task.Run(() => ReadAsync(first.ReadAsync));
        List<(SocketClient Client, ISocket Socket)> late = [];
        for (var i = 0; i < Joiners; i++) late.Add(await stage.ConnectAsync());
        var got = late.ConvertAll(one => Task.Run(() => ReadStaysAsync(one.Client.ReadAsync)));
        var joined = new TaskCompletionSource();
        var emitting = Emit(stage.Io.To("room"), joined.Task, isFast: true);

        // Each stays for a moment, leaves and comes again.
        await Task.WhenAll(late.Select(one => Task.Run(() => StayAsync(one.Socket))));
        joined.SetResult();
        await emitting;
        await stage.Io.EmitAsync("end", 0, 0);

        var expected = await all;
        var indexes = expected.Select((text, index) => (text, index)).ToDictionary(one => one.text, one => one.index);
        foreach (var stays in got)
        {
            foreach (var (events, count) in await stays)
            {
                var start = events.Count == 0 ? 0 : indexes[events[0]];
                Assert.Equal(expected[start..(start + events.Count)], events);
                // Fewer were sent only if there were fewer.
                Assert.InRange(count, 0, Latest);
                Assert.True(events.Count >= count);
                if (count < Latest) Assert.Equal(0, start);
            }
        }
    }

    [Fact]
    public async Task Nothing_is_missing_and_nothing_comes_twice_behind_the_connect_packet()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.EventsOnConnect = Latest, options => options.MaxQueuedBytes = 16 << 20);
        var (first, _) = await stage.ConnectAsync();
        var all = Task.Run(() => ReadAsync(first.ReadAsync));
        var joined = new TaskCompletionSource();
        var emitting = Emit(stage.Io, joined.Task);
        List<Task<List<string>>> late = [];
        for (var i = 0; i < Joiners; i++)
        {
            var (client, _) = await stage.ConnectAsync();
            late.Add(Task.Run(() => ReadAsync(client.ReadAsync)));
        }

        joined.SetResult();
        await emitting;
        await stage.Io.EmitAsync("end", 0, 0);
        var expected = await all;
        foreach (var events in late)
        {
            var got = await events;
            Assert.Equal(expected[^got.Count..], got);
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
        var all = Task.Run(() => ReadAsync(first.ReadAsync));
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
    private static Task Emit(IBroadcast set, Task joined, bool isFast = false) => Task.WhenAll(Enumerable.Range(0, Emitters).Select(emitter => Task.Run(async () =>
    {
        var last = int.MaxValue;
        for (var i = 0; i < last; i++)
        {
            await set.EmitAsync("n", emitter, i);
            if (last == int.MaxValue && joined.IsCompleted) last = i + EventsAtEnd;
            if (i % 5 != 4) continue;
            if (isFast) await Task.Yield();
            else await Task.Delay(1);
        }
    })));

    private static async Task<List<string>> ReadAsync(Func<Task<string>> read)
    {
        List<string> events = [];
        while (true)
        {
            var args = Parse(await read());
            if ((string?)args[0] == "end") return events;
            events.Add($"{args[1]}:{args[2]}");
        }
    }

    private static async Task StayAsync(ISocket socket)
    {
        var random = new Random(socket.Id.GetHashCode(StringComparison.Ordinal));
        for (var i = 0; i < Stays; i++)
        {
            var count = await socket.JoinWithHistoryAsync("room", Latest);
            for (var turns = random.Next(1, 10); turns > 0; turns--) await Task.Yield();
            await socket.LeaveAsync("room");
            await socket.EmitAsync("left", count, 0);
        }
    }

    private static async Task<List<(List<string> Events, int Count)>> ReadStaysAsync(Func<Task<string>> read)
    {
        List<(List<string> Events, int Count)> stays = [];
        List<string> events = [];
        while (true)
        {
            var args = Parse(await read());
            if ((string?)args[0] == "end") return stays;
            if ((string?)args[0] == "left")
            {
                stays.Add((events, (int)args[1]!));
                events = [];
            }
            else
            {
                events.Add($"{args[1]}:{args[2]}");
            }
        }
    }

    private static JsonArray Parse(string text) => JsonNode.Parse(text[text.IndexOf('[', StringComparison.Ordinal)..])!.AsArray();

    private static Task<List<string>> ReadWithCutsAsync(RecoveringClient client, int cutAfter)
    {
        var received = 0;
        return ReadAsync(async () =>
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
