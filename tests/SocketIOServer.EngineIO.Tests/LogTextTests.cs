namespace SocketIOServer.EngineIO.Tests;

/// <summary>What a client sent stands in the log on one line, readable where it is text (ATTACKS A79).</summary>
public sealed class LogTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("chat message", "chat message")]
    [InlineData("größe 聊天 नमस्ते 𠀋", "größe 聊天 नमस्ते 𠀋")]
    [InlineData("a\r\nFAKE: b", "a\\u000d\\u000aFAKE: b")]
    [InlineData("\u001b[31m", "\\u001b[31m")]
    [InlineData("a\u2028\u202e\u0085b", "a\\u2028\\u202e\\u0085b")]
    [InlineData("\U000e0001", "\\udb40\\udc01")]
    public void All_but_readable_text_is_escaped(string? text, string expected) => Assert.Equal(expected, LogText.Of(text));

    [Fact]
    public void Half_a_character_is_escaped() => Assert.Equal("a\\ufffd", LogText.Of("a\ud800"));

    [Theory]
    [InlineData("x")]
    [InlineData("聊")]
    public void Text_is_cut_after_200_characters(string letter)
    {
        var expected = string.Concat(Enumerable.Repeat(letter, 200)) + "...";
        var text = string.Concat(Enumerable.Repeat(letter, 5000));

        Assert.Equal(expected, LogText.Of(text));
        Assert.Equal(expected, LogText.Of(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
