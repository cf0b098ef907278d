using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Docs.Tests;

/// <summary>The programs of the first page do what they say: they start, and let a client in.</summary>
public sealed class RunTests
{
    public static TheoryData<string> Programs =>
        [.. Pages.Blocks.Where(block => block is { Page: "docs/quick-start.md", Preamble: "program" }).Select(block => block.Where)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_lets_a_client_in(string where)
    {
        var cancel = TestContext.Current.CancellationToken;
        var program = Load(Pages.Blocks.Single(block => block.Where == where));
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = DiagnosticListener.AllListeners.Subscribe(new HostWatch(built));

        var run = Task.Run(() => program.Invoke(null, [new[] { "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None" }]), cancel);
        var host = await built.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var http = new HttpClient { BaseAddress = new(address) };
        var answer = await http.GetStringAsync("/socket.io/?EIO=4&transport=polling", cancel);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await run;

        Assert.StartsWith("0{\"sid\":", answer, StringComparison.Ordinal);
    }

    private static MethodInfo Load(Block block)
    {
        using var image = new MemoryStream();
        Assert.True(BlockCompiler.Compile(block).Emit(image).Success);
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
