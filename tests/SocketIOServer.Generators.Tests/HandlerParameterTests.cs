namespace SocketIOServer.Generators.Tests;

/// <summary>Parameters that the server would refuse when the handler is mapped.</summary>
public sealed class HandlerParameterTests
{
    private const string Http = "global using Microsoft.AspNetCore.Http; global using Microsoft.Extensions.Logging; global using Microsoft.AspNetCore.Mvc; global using System.IO;";

    [Theory]
    [InlineData("Action<string> [|ack|]", "as the ack")]
    [InlineData("Func<int, int> [|ack|]", "as the ack")]
    [InlineData("HttpContext [|context|]", "Handshake")]
    [InlineData("HttpRequest [|request|]", "Handshake")]
    [InlineData("ILogger [|log|]", "ILogger<T>")]
    [InlineData("Task<string> [|text|]", "without a task")]
    [InlineData("MemoryStream [|data|]", "Stream or byte[]")]
    [InlineData("ReadOnlySpan<byte> [|data|]", "byte[]")]
    [InlineData("in int [|number|]", "by value")]
    public async Task What_a_client_cannot_send_is_found(string parameter, string advice)
    {
        await Slips.AreFoundAsync("SIO014", $$"""io.On("a", (string first, {{parameter}}) => { });""", advice, usings: Http);
        await Slips.AreFoundAsync("SIO014", $$"""class Chat : SocketController { [On("a")] public void A({{parameter}}) { } }""", advice, usings: Http);
    }

    [Fact]
    public Task A_method_that_is_named_is_found_where_it_is_mapped() =>
        Slips.AreFoundAsync("SIO014", """io.On("a", [|Run|]); static void Run(Action ack) => ack();""", "as the ack");

    [Fact]
    public Task Other_parameters_are_right() => Slips.AreFoundAsync("", """
        io.On("a", (string text, ISocket socket, ILogger<Chat> log, Stream data, byte[] more, Handshake handshake, [FromServices] Func<int> number, CancellationToken gone) => { });
        Action<Action> other = ack => ack();
        other(() => { });
        class Chat : SocketController { [On("a")] public void A(string text) { } public void B(Action ack) { } }
        """, usings: Http);
}
