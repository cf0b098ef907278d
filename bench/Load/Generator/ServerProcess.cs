using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LoadGenerator;

/// <summary>What the server under test costs: read from /proc, and from the two requests that the servers of this race answer.</summary>
internal sealed class ServerProcess(int id, int port)
{
    private const double TicksPerSecond = 100;   // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>User and system time of all its threads; the kernel counts it exactly and shows it in steps of 10 ms.</summary>
    public double CpuSeconds()
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');   // the name before it may hold anything
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    public long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Bytes of managed memory allocated since some fixed moment (what counts: bench/README.md); null where nobody counts them.</summary>
    public long? AllocatedBytes() => Get("/allocated") is { } count ? long.Parse(count, CultureInfo.InvariantCulture) : null;

    /// <summary>Collects all garbage, so that what remains is what the server keeps.</summary>
    public void Collect() => _ = Get("/collect") ?? throw new InvalidOperationException("The server has no /collect.");

    private string? Get(string path)
    {
        using var client = new TcpClient("127.0.0.1", port);
        client.ReceiveTimeout = 20_000;
        var stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"));
        var answer = new StreamReader(stream).ReadToEnd();
        if (answer.Contains(" 404 ", StringComparison.Ordinal)) return null;
        if (!answer.Contains(" 200 ", StringComparison.Ordinal)) throw new InvalidOperationException($"{path}: {answer}");
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Trim();
    }
}
