using System.Diagnostics;
using System.Text.Json;

namespace Demo.Tests;

/// <summary>The program as a process of its own, and SIGTERM, as a container gets it: its clients are told, and it ends with 0 (CONTRACT X1).</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task On_SIGTERM_a_polling_client_gets_its_close_and_the_process_ends_with_0()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var folder = Directory.CreateTempSubdirectory("demo-tests-");
        using var demo = Start(folder.FullName);
        try
        {
            using var http = new HttpClient { BaseAddress = new(await AddressAsync(demo)), Timeout = Patience };
            Assert.Equal("Healthy", await http.GetStringAsync("/health"));
            var open = await http.GetStringAsync("/socket.io/?EIO=4&transport=polling");
            var url = "/socket.io/?EIO=4&transport=polling&sid=" + JsonDocument.Parse(open[1..]).RootElement.GetProperty("sid").GetString();
            using var connect = await http.PostAsync(url, new StringContent("40"));
            Assert.StartsWith("40{", await http.GetStringAsync(url), StringComparison.Ordinal);

            using var kill = Process.Start("kill", ["-TERM", demo.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            var last = "";
            while (last != "1") last = await http.GetStringAsync(url);
            await demo.WaitForExitAsync().WaitAsync(Patience);

            Assert.Equal(0, demo.ExitCode);
        }
        finally
        {
            if (!demo.HasExited) demo.Kill();
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SocketIOServer.slnx"))) root = root.Parent!;
        return Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Demo.dll"), "--urls", "http://127.0.0.1:0", "--Chat:Folder", folder,
                "--contentRoot", Path.Combine(root.FullName, "samples", "Demo"),
            },
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<string> AddressAsync(Process demo)
    {
        const string Words = "Now listening on: ";
        using var patience = new CancellationTokenSource(Patience);
        while (await demo.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.IndexOf(Words, StringComparison.Ordinal) is >= 0 and var at) return line[(at + Words.Length)..].Trim();
        }

        throw new InvalidOperationException("The demo did not start.");
    }
}
