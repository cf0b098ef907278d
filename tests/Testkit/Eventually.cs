namespace Testkit;

/// <summary>For what no signal tells of: looks again and again, but not for ever.</summary>
public static class Eventually
{
    /// <param name="isTrue">Looked at until it is.</param>
    /// <param name="what">What did not come, for the report of the failure.</param>
    public static Task TrueAsync(Func<bool> isTrue, string what) => TrueAsync(isTrue, () => what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string)"/>
    public static async Task TrueAsync(Func<bool> isTrue, Func<string> what)
    {
        var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (!isTrue())
        {
            if (Environment.TickCount64 >= end) throw new TimeoutException(what());
            await Task.Delay(2);
        }
    }

    /// <summary>The same for what has to be asked.</summary>
    public static async Task TrueAsync(Func<Task<bool>> isTrue, string what)
    {
        var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (!await isTrue())
        {
            if (Environment.TickCount64 >= end) throw new TimeoutException(what);
            await Task.Delay(2);
        }
    }
}
