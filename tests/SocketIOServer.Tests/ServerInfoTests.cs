using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace SocketIOServer.Tests;

/// <summary>What the server says of itself while a program is developed.</summary>
public sealed class ServerInfoTests
{
    [Fact]
    public async Task It_tells_what_clients_can_use()
    {
        await using var host = await StartAsync(Environments.Development, options => options.Transports.Remove(TransportKind.WebSocket));
        await PollingClient.ConnectAsync(host);

        using var info = JsonDocument.Parse(await host.Http.GetStringAsync("/socket.io/info"));

        var root = info.RootElement;
        Assert.Equal("SocketIOServer", root.GetProperty("server").GetString());
        Assert.Equal("""["engine.io/3","engine.io/4"]""", root.GetProperty("protocols").GetRawText());
        Assert.Equal("""["polling"]""", root.GetProperty("transports").GetRawText());
        Assert.Equal("""["/","/chat"]""", root.GetProperty("namespaces").GetRawText());
        Assert.Equal(1, root.GetProperty("connections").GetInt32());
    }

    [Fact]
    public async Task In_production_it_says_nothing()
    {
        await using var host = await StartAsync(Environments.Production);

        using var answer = await host.Http.GetAsync("/socket.io/info");

        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_program_may_map_it_in_every_environment_with_conventions_of_its_own(string environment)
    {
        await using var host = await TestHost.StartAsync(
            io => io.Of("/chat"),
            build: builder => builder.Environment.EnvironmentName = environment,
            use: app => app.MapSocketIOInfo().RequireHost("operators.example"));

        using var other = await host.Http.GetAsync("/socket.io/info");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/info") { Headers = { Host = "operators.example" } };
        using var operators = await host.Http.SendAsync(request);

        Assert.Equal(environment == "Production" ? 404 : 200, (int)other.StatusCode);
        Assert.Contains("\"/chat\"", await operators.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(string environment, Action<SocketServerOptions>? options = null) =>
        TestHost.StartAsync(io => io.Of("/chat").OnPing(), options, builder => builder.Environment.EnvironmentName = environment);
}
