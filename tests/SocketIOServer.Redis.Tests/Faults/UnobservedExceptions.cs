using System.Collections.Concurrent;

namespace SocketIOServer.Redis.Tests.Faults;

/// <summary>Exceptions of tasks that nobody has looked at, of the whole process.</summary>
internal static class UnobservedExceptions
{
    private static readonly ConcurrentQueue<Exception> Seen = [];

    static UnobservedExceptions() => TaskScheduler.UnobservedTaskException += static (_, e) => Seen.Enqueue(e.Exception);

    public static void Watch() => Seen.Clear();

    public static string[] Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return [.. Seen.Select(static exception => exception.ToString())];
    }
}
