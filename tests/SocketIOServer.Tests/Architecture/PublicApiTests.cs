using System.Reflection;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Tests.Architecture;

/// <summary>A change of the public surface is a change of a file here, so that a review sees it.</summary>
public sealed class PublicApiTests
{
    private const string Update = "UPDATE_PUBLIC_API";

    public static TheoryData<string> Shipped =>
    [
        typeof(EngineProtocol).Assembly.GetName().Name!,
        typeof(EngineServer).Assembly.GetName().Name!,
        typeof(ISocket).Assembly.GetName().Name!,
        typeof(Epoll.EpollOptions).Assembly.GetName().Name!,
        typeof(Testing.SocketIOTestHost).Assembly.GetName().Name!,
    ];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task The_public_surface_is_as_it_was_agreed(string name)
    {
        var path = Path.Combine(Repository.Root, "tests", "SocketIOServer.Tests", "PublicApi", name + ".txt");
        var now = PublicSurface.Of(Assembly.Load(name));
        if (Environment.GetEnvironmentVariable(Update) == "1") await File.WriteAllTextAsync(path, string.Concat(now.Select(line => line + "\n")));

        var agreed = File.Exists(path) ? await File.ReadAllLinesAsync(path) : [];

        var differences = agreed.Except(now).Select(line => "- " + line).Concat(now.Except(agreed).Select(line => "+ " + line)).ToArray();
        Assert.True(
            differences.Length == 0,
            $"The public surface of {name} has changed. If it is meant, set {Update}=1, run the tests again and commit the file.\n{string.Join('\n', differences)}");
    }
}
