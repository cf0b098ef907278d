using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace LoadGenerator;

/// <summary>What the server under test costs: read from the kernel, and from the two requests every server of this race answers.</summary>
internal sealed partial class ServerProcess(int id, int port)
{
    private readonly int _clock = GetCpuClock(id, out var clock) == 0 ? clock : throw new ArgumentException($"There is no process {id}.");

    /// <summary>User and system time of all its threads, also of those that have ended.</summary>
    public double CpuSeconds() =>
        GetTime(_clock, out var time) == 0 ? time.Seconds + (time.Nanoseconds * 1e-9) : throw new InvalidOperationException("The server has ended.");

    public long ResidentBytes() => Memory("VmRSS:");

    /// <summary>The most that was ever resident.</summary>
    public long PeakBytes() => Memory("VmHWM:");

    /// <summary>Bytes of managed memory allocated since some fixed moment (what counts: bench/README.md); null from a server that has no such counter.</summary>
    public long? AllocatedBytes() => Get("/allocated") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Collects all garbage, so that what remains is what the server keeps.</summary>
    public void Collect() => _ = Get("/collect") ?? throw new InvalidOperationException("The server has no /collect.");

    private long Memory(string name)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private string? Get(string path)
    {
        using var client = new TcpClient("127.0.0.1", port);
        client.ReceiveTimeout = 20_000;
        var stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
        var answer = new StreamReader(stream).ReadToEnd();
        var status = answer.Split(' ', 3)[1];
        if (status == "404") return null;
        if (status != "200") throw new InvalidOperationException($"{path}: {answer}");
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Trim();
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetCpuClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    /// <summary>struct timespec</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
