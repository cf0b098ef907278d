using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SocketIOServer.Attacks.Tests;

/// <summary>Exceptions of tasks that nobody looked at, of the whole process.</summary>
internal static class Faults
{
    private static readonly ConcurrentQueue<Exception> Unobserved = new();

    [ModuleInitializer]
    internal static void Watch() => TaskScheduler.UnobservedTaskException += (_, e) => Unobserved.Enqueue(e.Exception);

    public static void AssertNone()
    {
        // They show when their tasks are collected.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Empty(Unobserved);
    }
}
