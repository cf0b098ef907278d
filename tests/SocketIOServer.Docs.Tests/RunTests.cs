using System.Text.Json;

namespace SocketIOServer.Docs.Tests;

/// <summary>
/// Code on the pages runs: programs, and fragments in theirs, start with their handlers bound and let a client in; the body of a test passes.
/// </summary>
public sealed class RunTests
{
    public static TheoryData<string> Programs => Of("program", "builder", "app", "io");

    public static TheoryData<string> Tests => Of("test", "host");

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_lets_a_client_in(string where)
    {
        var cancel = TestContext.Current.CancellationToken;
        var block = Pages.Find(where);
        await using var program = await PageProgram.StartAsync(block, cancel);
        using var http = new HttpClient { BaseAddress = program.Address };

        var farewell = Maps(block) ? await ConnectAsync(http, cancel) : null;
        program.Stop();

        // A stop waits for clients that poll no more.
        if (farewell is not null) Assert.Equal("1", await farewell);
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task A_test_passes(string where)
    {
        var test = PageProgram.Load(Pages.Find(where), "");

        await Task.Run(() => test.Invoke(null, [Array.Empty<string>()]), TestContext.Current.CancellationToken);
    }

    // The poll that the client waits in.
    private static async Task<Task<string>> ConnectAsync(HttpClient http, CancellationToken cancel)
    {
        const string Address = "/socket.io/?EIO=4&transport=polling";
        var answer = await http.GetStringAsync(Address, cancel);
        Assert.StartsWith("0{\"sid\":", answer, StringComparison.Ordinal);
        return http.GetStringAsync($"{Address}&sid={JsonDocument.Parse(answer[1..]).RootElement.GetProperty("sid").GetString()}", cancel);
    }

    // Not what is wrong on purpose.
    private static TheoryData<string> Of(params string[] preambles) =>
        [.. Pages.Blocks.Where(block => preambles.Contains(block.Preamble) && block.Faults.Count == 0).Select(block => block.Where)];

    private static bool Maps(Block block) => block.Preamble == "io" || block.Code.Contains("MapSocketIO(", StringComparison.Ordinal);
}
