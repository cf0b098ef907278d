using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        var block = Find(where);
        var program = Load(block, Start(block));
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = DiagnosticListener.AllListeners.Subscribe(new HostWatch(built));

        var run = Task.Run(() => program.Invoke(null, [new[] { "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None" }]), cancel);
        if (await Task.WhenAny(built.Task, run).WaitAsync(TimeSpan.FromSeconds(30), cancel) == run) await run;
        var host = await built.Task;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        if (await Task.WhenAny(started.Task, run).WaitAsync(TimeSpan.FromSeconds(30), cancel) == run) await run;
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var http = new HttpClient { BaseAddress = new(address) };
        var farewell = Maps(block) ? await ConnectAsync(http, cancel) : null;
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        // A stop waits for clients that poll no more.
        if (farewell is not null) Assert.Equal("1", await farewell);
        await run;
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task A_test_passes(string where)
    {
        var test = Load(Find(where), "");

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

    private static Block Find(string where) => Pages.Blocks.Single(block => block.Where == where);

    // A fragment shows what matters, which is not the last line of every program.
    private static string Start(Block block)
    {
        if (block.Code.Contains("app.Run", StringComparison.Ordinal)) return "";
        return block.Preamble == "builder" && !block.Code.Contains("var app", StringComparison.Ordinal) ? "builder.Build().Run();" : "app.Run();";
    }

    private static bool Maps(Block block) => block.Preamble == "io" || block.Code.Contains("MapSocketIO(", StringComparison.Ordinal);

    private static MethodInfo Load(Block block, string after)
    {
        using var image = new MemoryStream();
        var result = BlockCompiler.Compile(block, after).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray()).EntryPoint!;
    }

    // Tells of a host as WebApplicationFactory hears of it.
    private sealed class HostWatch(TaskCompletionSource<IHost> built) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting") value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host }) built.TrySetResult(host);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
