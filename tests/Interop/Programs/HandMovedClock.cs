using SocketIOServer.Testing;

namespace SocketIOServer.Interop.Programs;

/// <summary>Time passes when the test says so: GET /advance?seconds=5, as soon as the program waits for no longer than that.</summary>
internal static class HandMovedClock
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TimeProvider>(new FakeClock());
        // Longer than any wait of a program, or the end of one test's session would look like the next one's wait.
        builder.Services.Configure<SocketServerOptions>(options => options.CloseTimeout = TimeSpan.FromHours(1));
    }

    public static void Map(WebApplication app) => app.MapGet("/advance", async (int seconds, TimeProvider time) =>
    {
        var clock = (FakeClock)time;
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
        clock.Advance(TimeSpan.FromSeconds(seconds));
        return true;
    });
}
