using System.Text.Json.Nodes;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>A server whose parser comes from outside, seen on the wire.</summary>
public sealed class LineParserTests : IAsyncLifetime
{
    private TestHost _host = null!;
    private SocketClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            io =>
            {
                io.On("add", (int a, int b) => a + b)
                    .On("twice", (byte[] data) => (byte[])[.. data, .. data])
                    .On("tell", (string text, ISocket socket) => socket.Everyone.EmitAsync("told", text, new byte[] { 1, 2 }))
                    .On("ask", async (ISocket socket) => await socket.CallAsync<string>("name"))
                    .On("ask all", async (ISocket socket) => (await socket.Everyone.CallAsync<string>("name")).Replies.Count)
                    .On("echo", (JsonNode value) => value)
                    .On("go", (ISocket socket) => socket.DisconnectAsync())
                    .On("ping", () => { });
                io.Of("/chat").On("ping", () => { });
                io.Of("/closed").OnConnecting(void () => throw new ConnectionRefusedException("closed"));
            },
            options =>
            {
                options.Parser = new LineParser();
                options.MaxAttachments = 2;
                options.MaxPacketBytes = 200;
            });
        _client = await ConnectAsync();
        Assert.StartsWith("4CONNECT / -  {\"sid\":", await _client.AskAsync("4CONNECT / -  "), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("EVENT / 7  [\"add\",1,2]", "ACK / 7  [3]")]
    [InlineData("EVENT / 7 +AQI= [\"twice\",{\"_placeholder\":true,\"num\":0}]", "ACK / 7 +AQIBAg== [{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("EVENT / 7  [\"echo\",{\"_placeholder\":true,\"num\":0}]", "ACK / 7  [{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("EVENT / 7  [\"echo\",\"\\ud800 é\"]", "ACK / 7  [\"\ufffd é\"]")]
    [InlineData("EVENT / -  [\"tell\",\"é\"]", "EVENT / - +AQI= [\"told\",\"é\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("CONNECT /closed -  ", "CONNECTERROR /closed -  {\"message\":\"closed\",\"data\":{\"code\":\"connection_refused\"}}")]
    [InlineData("EVENT / -  [\"go\"]", "DISCONNECT / -  ")]
    public async Task Packets_go_in_and_out(string sent, string expected) => Assert.Equal("4" + expected, await _client.AskAsync("4" + sent));

    [Fact]
    public async Task A_client_is_asked()
    {
        Assert.Equal("4EVENT / 0  [\"name\"]", await _client.AskAsync("4EVENT / 7  [\"ask\"]"));
        Assert.Equal("4ACK / 7  [\"Ann\"]", await _client.AskAsync("4ACK / 0  [\"Ann\"]"));
    }

    [Fact]
    public async Task All_clients_are_asked()
    {
        Assert.Equal("4EVENT / 0  [\"name\"]", await _client.AskAsync("4EVENT / 7  [\"ask all\"]"));
        Assert.Equal("4ACK / 7  [1]", await _client.AskAsync("4ACK / 0  [\"Ann\"]"));
    }

    [Fact]
    public async Task By_polling_it_is_the_same()
    {
        var client = await PollingClient.ConnectAsync(_host);
        await client.PostAsync("4CONNECT /chat -  ");
        Assert.StartsWith("4CONNECT /chat -  {\"sid\":", await client.PollAsync(), StringComparison.Ordinal);

        await client.PostAsync("4EVENT /chat 1  [\"ping\"]");

        Assert.Equal("4ACK /chat 1  []", await client.PollAsync());
    }

    // What TryCreate refuses, so that no parser has to know all rules.
    [Theory]
    [InlineData("nonsense")]
    [InlineData("EVENT / -  [\"add\",")]
    [InlineData("EVENT / -  {}")]
    [InlineData("EVENT / -  [\"disconnect\"]")]
    [InlineData("EVENT chat -  [\"add\"]")]
    [InlineData("EVENT /a,b -  [\"add\"]")]
    [InlineData("EVENT / -2  [\"add\"]")]
    [InlineData("EVENT / 9007199254740992  [\"add\"]")]
    [InlineData("EVENT / - +AQI= [\"twice\",{\"_placeholder\":true,\"num\":1}]")]
    [InlineData("EVENT / - +AQ==+AQ==+AQ== [\"add\"]")]
    [InlineData("EVENT / - +AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA [\"e\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("ACK / -  []")]
    [InlineData("CONNECT /chat - +AQI= {}")]
    [InlineData("CONNECT /chat -  {\"a\":1,\"a\":2}")]
    [InlineData("CONNECTERROR / -  {}")]
    public async Task What_is_no_packet_ends_the_connection(string sent)
    {
        await _client.SendAsync("4" + sent);

        Assert.Equal("closed 1000", await _client.ReadAsync());
    }

    private Task<SocketClient> ConnectAsync() => SocketClient.ConnectAsync(_host);
}
