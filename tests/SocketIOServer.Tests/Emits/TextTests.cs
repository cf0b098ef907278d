using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Tests.Emits;

/// <summary>Which characters leave as they are.</summary>
public sealed class TextTests
{
    private static readonly JavaScriptEncoder Encoder = new SocketServerOptions().Json.Encoder!;

    // Emoji as four bytes of UTF-8, as JSON.stringify leaves them; what could end a string or a script line stays escaped.
    [Theory]
    [InlineData("😀", "😀")]
    [InlineData("a😀b😀", "a😀b😀")]
    [InlineData("👨‍👩‍👧 𝒳𠀀", "👨‍👩‍👧 𝒳𠀀")]
    [InlineData("grüß 中文", "grüß 中文")]
    [InlineData("😀\"\\\n", "😀\\\"\\\\\\n")]
    [InlineData("\u2028😀\u2029", "\\u2028😀\\u2029")]
    public async Task A_text_leaves_readable(string text, string written)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.EmitAsync(text, new { text, list = new[] { text } }, JsonValue.Create(text));

        Assert.Equal($$"""42["{{written}}",{"text":"{{written}}","list":["{{written}}"]},"{{written}}"]""", await member.Client.ReadAsync());
    }

    // Half a character is no UTF-8, so the frame would break the connection. H and L stand for the halves, which no attribute can hold.
    [Theory]
    [InlineData("H", "_")]
    [InlineData("L", "_")]
    [InlineData("LH", "__")]
    [InlineData("😀H", "😀_")]
    [InlineData("H😀L", "_😀_")]
    public async Task Half_a_character_leaves_as_the_replacement(string text, string arrived)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.EmitAsync("text", Halves(text));

        var arguments = JsonDocument.Parse((await member.Client.ReadAsync())[2..]).RootElement;
        Assert.Equal(arrived.Replace('_', '\ufffd'), arguments[1].GetString());
    }

    [Fact]
    public async Task A_client_of_revision_3_that_polls_gets_it_in_ASCII()
    {
        await using var host = await TestHost.StartAsync(io => io.On("ask", () => "😀"));
        var client = await PollingClient.ConnectAsync(host, eio: 3);

        await client.PostAsync("""10:420["ask"]""");

        Assert.Equal("""19:430["\ud83d\ude00"]""", await client.PollAsync());
    }

    // The buffer may end anywhere, also in the middle of a pair.
    [Theory]
    [InlineData("a😀\"😀bH", true)]
    [InlineData("a😀\"😀bH", false)]
    [InlineData("😀😀", true)]
    public void The_encoder_goes_on_where_it_stopped(string text, bool isFinal)
    {
        text = Halves(text);
        var whole = new char[100];
        var status = Encoder.Encode(text, whole, out var allConsumed, out var allWritten, isFinal);
        for (var room = 0; room < allWritten; room++)
        {
            Assert.Equal(OperationStatus.DestinationTooSmall, Encoder.Encode(text, whole.AsSpan(0, room), out var consumed, out var written, isFinal));
            var rest = new char[100];
            Assert.Equal(status, Encoder.Encode(text.AsSpan(consumed), rest, out var restConsumed, out var restWritten, isFinal));
            Assert.Equal(allConsumed, consumed + restConsumed);
            Assert.Equal(allWritten, written + restWritten);
        }

        Assert.Equal(isFinal ? OperationStatus.Done : OperationStatus.NeedMoreData, status);
    }

    [Fact]
    public void Both_forms_of_the_encoder_agree_on_every_character()
    {
        Span<char> chars = stackalloc char[16];
        Span<byte> bytes = stackalloc byte[32];
        Span<byte> utf8 = stackalloc byte[4];
        for (var value = 0; value <= 0x10ffff; value++)
        {
            if (!Rune.TryCreate(value, out var rune)) continue;
            var isRaw = value > char.MaxValue || !JavaScriptEncoder.UnsafeRelaxedJsonEscaping.WillEncode(value);
            var text = rune.ToString();
            var source = utf8[..rune.EncodeToUtf8(utf8)];

            Assert.Equal(!isRaw, Encoder.WillEncode(value));
            Assert.Equal(isRaw ? -1 : 0, Encoder.FindFirstCharacterToEncodeUtf8(source));
            Assert.Equal(OperationStatus.Done, Encoder.Encode(text, chars, out _, out var charCount));
            Assert.Equal(OperationStatus.Done, Encoder.EncodeUtf8(source, bytes, out _, out var byteCount));
            Assert.Equal(isRaw, chars[..charCount].SequenceEqual(text));
            Assert.Equal(Encoding.UTF8.GetString(bytes[..byteCount]), new string(chars[..charCount]));
        }
    }

    private static string Halves(string text) => text.Replace('H', '\ud83d').Replace('L', '\ude00');
}
