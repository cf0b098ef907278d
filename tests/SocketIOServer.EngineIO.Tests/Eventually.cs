namespace SocketIOServer.EngineIO.Tests;

/// <summary>For what no signal tells of: looks again and again, but not for ever.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> isTrue, string what) => TrueAsync(isTrue, () => what);

    public static async Task TrueAsync(Func<bool> isTrue, Func<string> what)
    {
        var end = Environment.TickCount64 + (long)TestHost.Patience.TotalMilliseconds;
        while (!isTrue())
        {
            Assert.True(Environment.TickCount64 < end, what());
            await Task.Delay(2);
        }
    }
}
