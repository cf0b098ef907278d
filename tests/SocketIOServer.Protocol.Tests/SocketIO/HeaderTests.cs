using System.Text;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Protocol.Tests.SocketIO;

/// <summary><c>&lt;type&gt;[&lt;attachments&gt;-][&lt;namespace&gt;,][&lt;ack id&gt;]</c>, without a look at the JSON.</summary>
public sealed class HeaderTests
{
    // The text; attachments, namespace, id, and what is left for the JSON.
    public static TheoryData<string, int, string, long, string> Table => new()
    {
        { "0", 0, "", -1, "" },
        { "0/", 0, "/", -1, "" },
        { "0/,", 0, "/", -1, "" },
        { "0//", 0, "//", -1, "" },
        { "0/ ,", 0, "/ ", -1, "" },
        { "0/\0,", 0, "/\0", -1, "" },
        { "0/chat", 0, "/chat", -1, "" },
        { "1/chat", 0, "/chat", -1, "" },
        { "0/chat,", 0, "/chat", -1, "" },
        { "0/chat?a=1&b=/,{}", 0, "/chat?a=1&b=/", -1, "{}" },
        { "0/chat?a=1", 0, "/chat?a=1", -1, "" },
        { "0/a,b,c", 0, "/a", -1, "b,c" },
        { "0chat", 0, "", -1, "chat" },
        { "0,", 0, "", -1, "," },
        { "01", 0, "", 1, "" },
        { "2[1]", 0, "", -1, "[1]" },
        { "20[1]", 0, "", 0, "[1]" },
        { "2007[1]", 0, "", 7, "[1]" },
        { "2/,7[1]", 0, "/", 7, "[1]" },
        { "2/a7[1]", 0, "/a7[1]", -1, "" },
        { "2-1[1]", 0, "", -1, "-1[1]" },
        { "2+1[1]", 0, "", -1, "+1[1]" },
        { "21e3[1]", 0, "", 1, "e3[1]" },
        { "21.5[1]", 0, "", 1, ".5[1]" },
        { "2 1[1]", 0, "", -1, " 1[1]" },
        { "2٣[1]", 0, "", -1, "٣[1]" },
        { "2１[1]", 0, "", -1, "１[1]" },
        { "29007199254740991", 0, "", 9_007_199_254_740_991, "" },
        { "2009007199254740991", 0, "", 9_007_199_254_740_991, "" },
        { "4\"no\"", 0, "", -1, "\"no\"" },
        { "51-[1]", 1, "", -1, "[1]" },
        { "51-", 1, "", -1, "" },
        { "501-[1]", 1, "", -1, "[1]" },
        { "510-/a,3[1]", 10, "/a", 3, "[1]" },
        { "61-3[1]", 1, "", 3, "[1]" },
        { "61--[1]", 1, "", -1, "-[1]" },
        { "21-[1]", 0, "", 1, "-[1]" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_header_is_read_as_its_parts(string text, int attachments, string name, long id, string rest)
    {
        var bytes = Wire.Utf8(text);

        Assert.True(PacketHeader.TryRead(bytes, maxAttachments: 10, out var header));

        Assert.Equal(text[0] - '0', (int)header.Type);
        Assert.Equal(attachments, header.Attachments);
        Assert.Equal(name, Encoding.UTF8.GetString(bytes.AsSpan(header.Namespace)));
        Assert.Equal(id, header.Id);
        Assert.Equal(rest, Encoding.UTF8.GetString(bytes.AsSpan(header.Length)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("9[1]")]
    [InlineData("/")]
    [InlineData(":")]
    [InlineData(" 2[1]")]
    [InlineData("[1]")]
    [InlineData("-1")]
    [InlineData("٢[1]")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("5-[1]")]
    [InlineData("5[1]")]
    [InlineData("51")]
    [InlineData("51[1]")]
    [InlineData("51/a,[1]")]
    [InlineData("50-[1]")]
    [InlineData("500-[1]")]
    [InlineData("60-[1]")]
    [InlineData("511-[1]")]
    [InlineData("599999999999-[1]")]
    [InlineData("518446744073709551617-[1]")]
    [InlineData("5-1-[1]")]
    [InlineData("5+1-[1]")]
    [InlineData("5 1-[1]")]
    [InlineData("51 -[1]")]
    [InlineData("51.5-[1]")]
    [InlineData("51e1-[1]")]
    [InlineData("50x1-[1]")]
    [InlineData("5٣-[1]")]
    [InlineData("51−[1]")]
    [InlineData("29007199254740992[1]")]
    [InlineData("29007199254740993[1]")]
    [InlineData("299999999999999999999[1]")]
    [InlineData("218446744073709551616[1]")]
    [InlineData("2/a,9007199254740992[1]")]
    public void What_is_no_header_is_refused(string text) =>
        Assert.False(PacketHeader.TryRead(Wire.Utf8(text), maxAttachments: 10, out _));

    [Theory]
    [InlineData("51-", 0, false)]
    [InlineData("51-", 1, true)]
    [InlineData("52-", 1, false)]
    [InlineData("510-", 10, true)]
    [InlineData("511-", 10, false)]
    [InlineData("511-", 11, true)]
    [InlineData("51000-", 1000, true)]
    [InlineData("51001-", 1000, false)]
    [InlineData("52147483647-", int.MaxValue, true)]
    [InlineData("52147483648-", int.MaxValue, false)]
    [InlineData("599999999999999999999-", int.MaxValue, false)]
    public void The_limit_of_attachments_is_exact(string text, int limit, bool isValid) =>
        Assert.Equal(isValid, PacketHeader.TryRead(Wire.Utf8(text), limit, out _));
}
