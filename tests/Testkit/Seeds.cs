using System.Globalization;
using CsCheck;

namespace Testkit;

/// <summary>
/// Checks a model with CsCheck: the same cases in every run. A case that fails is shrunk, and the message says with which seed it is made again.
/// MODEL_SEED in the environment begins with other cases, MODEL_CASES takes more of them.
/// </summary>
public static class Seeds
{
    // So many tries to find a smaller case that fails too.
    private const int Shrinks = 5_000;

    private static readonly uint First = (uint)Number("MODEL_SEED", 1);

    /// <param name="cases">How many, each with a seed of its own.</param>
    /// <param name="sample">Runs as many cases as it is told, the first with this seed: one of CsCheck's Sample methods, on one thread.</param>
    public static void Try(int cases, Action<string, int> sample)
    {
        foreach (var seed in Of(cases))
        {
            try
            {
                sample(seed, 1);
            }
            catch (CsCheckException)
            {
                // Throws again, with the smallest case that was found.
                sample(seed, Shrinks);
                throw;
            }
        }
    }

    /// <param name="cases">See above.</param>
    /// <param name="shrinks">So many tries to find a smaller case that fails too.</param>
    /// <param name="sample">See above.</param>
    public static async Task TryAsync(int cases, int shrinks, Func<string, int, Task> sample)
    {
        foreach (var seed in Of(cases))
        {
            try
            {
                await sample(seed, 1);
            }
            catch (CsCheckException)
            {
                await sample(seed, shrinks);
                throw;
            }
        }
    }

    private static IEnumerable<string> Of(int cases) =>
        Enumerable.Range(0, Number("MODEL_CASES", cases)).Select(static i => new PCG(First + (uint)i, First + (uint)i).ToString());

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
