using System.Text.RegularExpressions;

namespace SocketIOServer.Attacks.Tests.Http;

/// <summary>ATTACKS A22: the payloads of revision 3, which say their lengths.</summary>
public sealed partial class OldPayloadTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("1")]
    [InlineData("4hi")]
    [InlineData(":4hi")]
    [InlineData("-1:4a")]
    [InlineData("+1:4")]
    [InlineData("0:")]
    [InlineData("0:4")]
    [InlineData("00:")]
    [InlineData("1e3:4")]
    [InlineData("0x5:4aaaa")]
    [InlineData("1.0:4")]
    [InlineData(" 1:4")]
    [InlineData("1 :4")]
    [InlineData("\u0663:4ab")]
    [InlineData("99999999999:4a")]
    [InlineData("2147483648:4a")]
    [InlineData("4294967298:4a")]
    [InlineData("«9×400»:4a")]
    [InlineData("«0×400»2:42")]
    [InlineData("«9×900000»")]
    [InlineData("«0:×100000»")]
    [InlineData("2:4")]
    [InlineData("15:420[\"text\",\"😀\"]")]
    [InlineData("17:420[\"text\",\"😀\"]")]
    [InlineData("18:420[\"text\",\"😀\"]")]
    [InlineData("2:4😀")]
    [InlineData("1:7")]
    [InlineData("1:3")]
    [InlineData("1:b")]
    [InlineData("2:b4x")]
    [InlineData("6:b5AQID")]
    [InlineData("6:b4AQ I")]
    [InlineData("6:b4####")]
    [InlineData("1:6:")]
    [InlineData("1:6x")]
    [InlineData("1:61")]
    public Task A22_a_broken_text_payload_is_refused(string body) => AttackAsync(Message.Bytes(body), "text/plain;charset=UTF-8");

    [Theory]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("ff")]
    [InlineData("0001")]
    [InlineData("0001ff")]
    [InlineData("00ff34")]
    [InlineData("0000ff")]
    [InlineData("0000ff34")]
    [InlineData("0002ff34")]
    [InlineData("0003ff3468")]
    [InlineData("0201ff36")]
    [InlineData("000aff346869")]
    [InlineData("00c8ff346869")]
    [InlineData("0031ff36")]
    [InlineData("00«09×309»ff34")]
    [InlineData("«0000ff×100000»")]
    [InlineData("0101ff00")]
    [InlineData("0101ff34")]
    [InlineData("0102ff0501")]
    [InlineData("0002ff34ff")]
    [InlineData("0001ff3600")]
    [InlineData("0001ff36 0001ff")]
    [InlineData("000902090409060704080aff36")]
    public Task A22_a_broken_binary_payload_is_refused(string hex) =>
        AttackAsync(Convert.FromHexString(Message.Expand(hex).Replace(" ", "", StringComparison.Ordinal)), "application/octet-stream");

    [Theory]
    [InlineData("""16:420["text","😀"]""", "430[")]
    [InlineData("""1:611:427["ping"]1:6""", """437["pong"]""")]
    [InlineData("""000000011:427["ping"]""", """437["pong"]""")]
    public async Task A22_lengths_are_UTF16_units(string body, string reply)
    {
        var target = await OpenAsync();

        Assert.Equal(200, (await server.Host.AskAsync("POST", target, Message.Bytes(body))).Status);
        Assert.Contains(reply, (await server.Host.GetAsync(target)).Body, StringComparison.Ordinal);

        await LeaveAsync(target);
    }

    // CVE-2020-36048: a body full of the smallest packets.
    [Theory]
    [InlineData("«1:6×300000»")]
    [InlineData("«2:6x×200000»")]
    public async Task A22_many_small_packets_are_read_one_by_one(string body)
    {
        var target = await OpenAsync();

        Assert.Equal(200, (await server.Host.AskAsync("POST", target, Message.Bytes(body))).Status);
        await server.Witness.EchoAsync();

        await LeaveAsync(target);
    }

    private async Task AttackAsync(byte[] body, string contentType)
    {
        var target = await OpenAsync();

        Assert.Equal((400, ""), Shown(await server.Host.AskAsync("POST", target, body, $"Content-Type: {contentType}\r\n")));
        Assert.Equal((400, Reply.UnknownSession), Shown(await server.Host.GetAsync(target)));

        await server.AssertQuietAsync();
    }

    // Its connect packet is read too.
    private async Task<string> OpenAsync()
    {
        var open = await server.Host.GetAsync("/socket.io/?EIO=3&transport=polling");
        return $"/socket.io/?EIO=3&transport=polling&sid={Sid.Match(open.Body).Groups[1].Value}";
    }

    private async Task LeaveAsync(string target)
    {
        await server.Host.AskAsync("POST", target, "1:1"u8.ToArray());
        await server.Host.GetAsync(target);
        await server.AssertQuietAsync();
    }

    private static (int Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);

    [GeneratedRegex("\"sid\":\"([^\"]+)\"")]
    private static partial Regex Sid { get; }
}
