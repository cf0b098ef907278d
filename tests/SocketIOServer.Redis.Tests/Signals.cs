using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SocketIOServer.Redis.Tests;

/// <summary>Freezes a process and lets it go on.</summary>
internal static partial class Signals
{
    private const int StopSignal = 19, ContinueSignal = 18;

    public static void Stop(Process process) => Send(process, StopSignal);

    public static void Continue(Process process) => Send(process, ContinueSignal);

    private static void Send(Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
