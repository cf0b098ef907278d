using System.Globalization;

namespace SocketIOServer.Protocol.Tests.Fuzz;

/// <summary>
/// Tries many inputs on a piece of code: once with a seed that is always the same, once with one of its own, which is printed. FUZZ_SEED in the
/// environment takes that one's place, to try a failure again.
/// </summary>
internal static class FuzzRun
{
    private const int Fixed = 20_260_101;

    // Small arrays and objects, an exception of the JSON reader among them, whatever the length.
    private const int AllocatedAnyway = 16 * 1024;

    private static readonly int Own = OwnSeed();

    public static TheoryData<int> Seeds => [Fixed, Own];

    /// <param name="corpus">What the inputs are made from.</param>
    /// <param name="seed">One of <see cref="Seeds"/>.</param>
    /// <param name="count">Inputs.</param>
    /// <param name="allocatedPerByte">How many bytes may be allocated for one of the input.</param>
    /// <param name="read">Must not throw; says whether it took the input. The mutator is for what else is to be chosen.</param>
    /// <param name="allocatedAnyway">How many bytes may be allocated for any input.</param>
    public static void Try(
        byte[][] corpus, int seed, int count, int allocatedPerByte, Func<ReadOnlyMemory<byte>, Mutator, bool> read, int allocatedAnyway = AllocatedAnyway)
    {
        var mutator = new Mutator(corpus, seed);
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (read(input, mutator)) taken++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}, input {i}: {Convert.ToHexStringLower(input.Span)}", e);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > allocatedAnyway + (long)allocatedPerByte * input.Length)
                Assert.Fail($"Seed {seed}, input {i}: {allocated} bytes were allocated for the {input.Length} of {Convert.ToHexStringLower(input.Span)}");
        }

        // Of both kinds there must be many, or the changes are too large or too small.
        Assert.InRange(taken, count / 500, count - count / 500);
    }

    private static int OwnSeed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"FUZZ_SEED={seed}"));
        return seed;
    }
}
