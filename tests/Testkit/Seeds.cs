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
        cases = Number("MODEL_CASES", cases);
        for (var i = 0u; i < cases; i++)
        {
            var seed = new PCG(First + i, First + i).ToString();
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

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
