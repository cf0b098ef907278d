using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Docs.Tests;

/// <summary>A program of a page while it runs, on a port of its own and in an empty folder that has the client's script.</summary>
internal sealed class PageProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Whose program the running code belongs to: hosts of several tests are built at a time.
    private static readonly AsyncLocal<object?> Current = new();

    private readonly IHostApplicationLifetime _lifetime;
    private readonly DirectoryInfo _folder;
    private readonly Task _run;
    private readonly IHost _host;

    private PageProgram(DirectoryInfo folder, Task run, IHost host) =>
        (_folder, _run, _host, _lifetime) = (folder, run, host, host.Services.GetRequiredService<IHostApplicationLifetime>());

    public IServiceProvider Services => _host.Services;

    public Uri Address => new(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <param name="block">A program, or a fragment of one.</param>
    /// <param name="cancel">Ends the wait for its start.</param>
    /// <param name="services">Changes what a fragment has in <c>builder.Services</c>.</param>
    public static async Task<PageProgram> StartAsync(Block block, CancellationToken cancel, string services = "")
    {
        var entry = Load(block, Start(block), services);
        var folder = Directory.CreateTempSubdirectory("docs-test-");
        // What a reader has after `npm install socket.io-client@4`.
        var scripts = folder.CreateSubdirectory("node_modules/socket.io-client/dist");
        await File.WriteAllTextAsync(Path.Combine(scripts.FullName, "socket.io.js"), "// The client's script.\n", cancel);

        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = DiagnosticListener.AllListeners.Subscribe(new HostWatch(built));
        Current.Value = built;
        var run = Task.Run(() => entry.Invoke(null, [new[] { "--urls", "http://127.0.0.1:0", "--contentRoot", folder.FullName, "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None" }]), cancel);
        if (await Task.WhenAny(built.Task, run).WaitAsync(Patience, cancel) == run) await run;
        var host = await built.Task;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult);
        if (await Task.WhenAny(started.Task, run).WaitAsync(Patience, cancel) == run) await run;
        return new(folder, run, host);
    }

    /// <summary>Begins to stop the program. It ends when its clients are told.</summary>
    public void Stop() => _lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _run.WaitAsync(Patience);
        _folder.Delete(recursive: true);
    }

    /// <summary>The entry of a block's program, with statements behind the block's own.</summary>
    public static MethodInfo Load(Block block, string after, string services = "")
    {
        using var image = new MemoryStream();
        var result = BlockCompiler.Compile(block, after, services).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray()).EntryPoint!;
    }

    // A fragment shows what matters, which is not the last line of every program.
    private static string Start(Block block)
    {
        if (block.Code.Contains("app.Run", StringComparison.Ordinal)) return "";
        return block.Preamble == "builder" && !block.Code.Contains("var app", StringComparison.Ordinal) ? "builder.Build().Run();" : "app.Run();";
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
            if (value is { Key: "HostBuilt", Value: IHost host } && Current.Value == built) built.TrySetResult(host);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
