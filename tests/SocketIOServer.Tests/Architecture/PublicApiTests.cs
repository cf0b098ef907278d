using System.Reflection;
using PublicApiGenerator;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Tests.Architecture;

/// <summary>The public surface is kept in files, so that a review sees each change of it, with its nullability, attributes and constraints.</summary>
public sealed class PublicApiTests
{
    private const string Update = "UPDATE_PUBLIC_API";

    public static TheoryData<string> Shipped =>
    [
        typeof(EngineProtocol).Assembly.GetName().Name!,
        typeof(EngineServer).Assembly.GetName().Name!,
        typeof(ISocket).Assembly.GetName().Name!,
        typeof(Emitter.ISocketEmitter).Assembly.GetName().Name!,
        typeof(Nats.NatsBus).Assembly.GetName().Name!,
        typeof(Postgres.PostgresBus).Assembly.GetName().Name!,
        typeof(Redis.RedisBus).Assembly.GetName().Name!,
        typeof(Epoll.EpollOptions).Assembly.GetName().Name!,
        typeof(Testing.SocketIOTestHost).Assembly.GetName().Name!,
    ];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task The_public_surface_is_as_it_was_agreed(string name)
    {
        var path = Path.Combine(Repository.Root, "tests", "SocketIOServer.Tests", "PublicApi", name + ".cs.txt");
        var now = Assembly.Load(name).GeneratePublicApi(new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Update) == "1") await File.WriteAllTextAsync(path, now);

        var agreed = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";

        Assert.True(
            agreed == now,
            $"The public surface of {name} has changed. If the change is intended, set {Update}=1, run the tests again and commit the file.\n{Differences(agreed.Split('\n'), now.Split('\n'))}");
    }

    private static string Differences(string[] agreed, string[] now) =>
        string.Join('\n', agreed.Except(now).Select(line => "- " + line.Trim()).Concat(now.Except(agreed).Select(line => "+ " + line.Trim())));
}
