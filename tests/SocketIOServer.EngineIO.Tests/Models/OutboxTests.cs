using CsCheck;

namespace SocketIOServer.EngineIO.Tests.Models;

/// <summary>The outbox beside a plain list: whatever is called in whichever order, both say the same.</summary>
public sealed class OutboxTests
{
    private const int Cases = 5_000;
    private const int Adders = 2;
    private const int Added = 20_000;
    private const int Limit = 1_000;

    // A message counts for 64 bytes more than it has. Some fill the queue together to the byte, some are larger than the limit.
    private static readonly Gen<int> Sizes = Gen.OneOf(Gen.Int[1, 10].Select(static hundreds => hundreds * 100 - 64), Gen.Int[1, 1_000]);

    [Fact]
    public void It_does_what_a_list_does() => Seeds.Try(Cases, static (seed, cases) =>
        Initial.SampleModelBased([Add, AddVolatile, Take, Wait, WaitLate, WakeReader, Complete], equal: SameState, seed: seed, iter: cases, threads: 1));

    // Too many interleavings for a model: what holds in each of them.
    [Fact]
    public async Task Two_threads_that_add_and_one_that_takes_lose_nothing()
    {
        var outbox = new Outbox(int.MaxValue);
        var taken = new List<OutgoingMessage>();
        var messages = Enumerable.Range(0, Adders).Select(static _ => Enumerable.Range(0, Added).Select(static i => new OutgoingMessage(new byte[i % 7])).ToArray()).ToArray();

        var taker = Task.Run(() =>
        {
            while (outbox.Take(out var message) is var result and not TakeResult.Ended)
            {
                if (result == TakeResult.Taken) taken.Add(message);
            }
        }, TestContext.Current.CancellationToken);
        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = Adders }, (mine, _) =>
        {
            foreach (var message in mine) Assert.Equal(AddResult.Added, outbox.Add(message));
            return default;
        });
        outbox.Complete(discard: false);
        await taker.Soon();

        Assert.Equal(0, outbox.Bytes);
        Assert.Equal(Adders * Added, taken.Count);
        Assert.All(messages, mine => Assert.Equal(mine, taken.Where(mine.ToHashSet().Contains)));
    }

    // It has been longer: the ring has grown, and its first message stands anywhere in it.
    private static Gen<(RealOutbox, ListOutbox)> Initial => Gen.Select(Gen.OneOf(Gen.Const(Limit), Gen.Const(100 * Limit)), Gen.Int[0, 70], Gen.Int[0, 70], static (limit, added, taken) =>
    {
        var (real, list) = (new RealOutbox(limit), new ListOutbox(limit));
        for (var i = 0; i < added; i++)
        {
            real.Add(i, isVolatile: false);
            list.Add(i, isVolatile: false);
        }

        for (var i = 0; i < taken; i++)
        {
            real.Take();
            list.Take();
        }

        real.Forget();
        list.Forget();
        return (real, list);
    });

    private static GenOperation<RealOutbox, ListOutbox> Add =>
        Sizes.Operation<RealOutbox, ListOutbox>(static size => $"Add({size})", static (real, size) => real.Add(size, isVolatile: false), static (list, size) => list.Add(size, isVolatile: false));

    private static GenOperation<RealOutbox, ListOutbox> AddVolatile =>
        Sizes.Operation<RealOutbox, ListOutbox>(static size => $"AddVolatile({size})", static (real, size) => real.Add(size, isVolatile: true), static (list, size) => list.Add(size, isVolatile: true));

    private static GenOperation<RealOutbox, ListOutbox> Take =>
        Gen.Operation<RealOutbox, ListOutbox>("Take", static real => real.Take(), static list => list.Take());

    private static GenOperation<RealOutbox, ListOutbox> Wait =>
        Gen.Operation<RealOutbox, ListOutbox>("Wait", static real => real.Wait(isLate: false), static list => list.Wait(isLate: false));

    private static GenOperation<RealOutbox, ListOutbox> WaitLate =>
        Gen.Operation<RealOutbox, ListOutbox>("WaitLate", static real => real.Wait(isLate: true), static list => list.Wait(isLate: true));

    private static GenOperation<RealOutbox, ListOutbox> WakeReader =>
        Gen.Operation<RealOutbox, ListOutbox>("WakeReader", static real => real.WakeReader(), static list => list.WakeReader());

    private static GenOperation<RealOutbox, ListOutbox> Complete =>
        Gen.Bool.Operation<RealOutbox, ListOutbox>(static discard => $"Complete({discard})", static (real, discard) => real.Complete(discard), static (list, discard) => list.Complete(discard));

    private static bool SameState(RealOutbox real, ListOutbox list) => real.ToString() == list.ToString();
}
