using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Tests.Events;

/// <summary>In Development the log says once what each handler takes from clients and what from services.</summary>
public sealed class HandlerListTests
{
    [Fact]
    public async Task Each_handler_is_listed_with_what_fills_its_parameters()
    {
        await using var host = await StartAsync(Environments.Development);

        var line = Assert.Single(host.Log.Lines, line => line.Id.Id == 26);

        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Equal(
            """
            Socket.IO handlers at /socket.io:
              / OnConnecting; from the client: auth: string token
              / On("save"); from the client: List<string> names, int? count; from services: TimeProvider time
              /chat On("none")
              OfAny OnFallback; from the client: JsonElement[] all
            """,
            line.Text);
    }

    [Fact]
    public async Task In_production_it_is_not()
    {
        await using var host = await StartAsync(Environments.Production);

        Assert.DoesNotContain(host.Log.Lines, line => line.Id.Id == 26);
    }

    private static Task<TestHost> StartAsync(string environment) => TestHost.StartAsync(
        io => io
            .OnConnecting(([FromAuth] string token) => { })
            .On("save", (List<string> names, ISocket socket, TimeProvider time, int? count) => names.Count)
            .Of("/chat").On("none", () => 1)
            .OfAny(_ => true).OnFallback((string name, System.Text.Json.JsonElement[] all) => all.Length),
        build: builder => builder.Environment.EnvironmentName = environment);
}
