using static SocketIOServer.Protocol.Tests.SocketIO.MessagePack.Packed;

namespace SocketIOServer.Protocol.Tests.SocketIO.MessagePack;

/// <summary>Values: what JSON is as MessagePack, and what MessagePack is as JSON. notepack.io 2.2.</summary>
public sealed class ValueTests
{
    // The one way in which we write it, which is also read.
    public static TheoryData<string, string> Both => new()
    {
        { "null", "c0" }, { "false", "c2" }, { "true", "c3" },
        { "0", "00" }, { "127", "7f" }, { "128", "cc80" }, { "255", "ccff" }, { "256", "cd0100" }, { "65535", "cdffff" }, { "65536", "ce00010000" },
        { "4294967295", "ceffffffff" }, { "4294967296", "cf0000000100000000" }, { "9007199254740993", "cf0020000000000001" },
        { "9223372036854775807", "cf7fffffffffffffff" }, { "9223372036854775808", "cf8000000000000000" }, { "18446744073709551615", "cfffffffffffffffff" },
        { "-1", "ff" }, { "-32", "e0" }, { "-33", "d0df" }, { "-128", "d080" }, { "-129", "d1ff7f" }, { "-32768", "d18000" }, { "-32769", "d2ffff7fff" },
        { "-2147483648", "d280000000" }, { "-2147483649", "d3ffffffff7fffffff" }, { "-9223372036854775808", "d38000000000000000" },
        { "0.5", "cb3fe0000000000000" }, { "-1.5", "cbbff8000000000000" }, { "-0", "cb8000000000000000" }, { "0.1", "cb3fb999999999999a" },
        { "1E+21", "cb444b1ae4d6e2ef50" }, { "5E-324", "cb0000000000000001" }, { "1.7976931348623157E+308", "cb7fefffffffffffff" },
        { "\"\"", "a0" }, { "\"a\"", "a161" }, { "\"é😀\"", "a6c3a9f09f9880" }, { "\"\\\"\\\\/\"", "a3225c2f" }, { "\"\\u0000\\u001f\u007f\"", "a3001f7f" },
        { "\"\u2028\"", "a3e280a8" },
        { "[]", "90" }, { "[1,[2,[]]]", "9201920290" }, { "{}", "80" }, { "{\"\":{\"é\":null}}", "81a081a2c3a9c0" },
        // Of doubles both are kept; who reads the JSON decides.
        { "{\"a\":1,\"a\":2}", "82a16101a16102" },
    };

    [Theory]
    [MemberData(nameof(Both))]
    public void JSON_is_written_and_read_again(string json, string hex)
    {
        Assert.Equal(hex, EncodeValue(json));
        Assert.Equal(json, DecodeValue(hex));
    }

    [Theory]
    [InlineData("1e3", "cb408f400000000000")]
    [InlineData("1.0", "cb3ff0000000000000")]
    [InlineData("-0.0", "cb8000000000000000")]
    [InlineData("18446744073709551616", "cb43f0000000000000")]
    [InlineData("-9223372036854775809", "cbc3e0000000000000")]
    [InlineData("1e999", "cb7ff0000000000000")]
    [InlineData(" [ 1 , 2 ] ", "920102")]
    [InlineData("\"\\u00e9\\ud83d\\ude00\\n\"", "a7c3a9f09f98800a")]
    [InlineData("{\"\\u0061\":1}", "81a16101")]
    public void JSON_is_written(string json, string hex) => Assert.Equal(hex, EncodeValue(json));

    [Theory]
    // Wider than needed.
    [InlineData("cc01", "1")]
    [InlineData("cd0001", "1")]
    [InlineData("ce00000001", "1")]
    [InlineData("cf0000000000000001", "1")]
    [InlineData("d001", "1")]
    [InlineData("d10001", "1")]
    [InlineData("d200000001", "1")]
    [InlineData("d30000000000000001", "1")]
    [InlineData("d9 01 61", "\"a\"")]
    [InlineData("da 0001 61", "\"a\"")]
    [InlineData("db 00000001 61", "\"a\"")]
    [InlineData("dc 0001 01", "[1]")]
    [InlineData("dd 00000001 01", "[1]")]
    [InlineData("de 0001 a161 01", "{\"a\":1}")]
    [InlineData("df 00000001 a161 01", "{\"a\":1}")]
    // What JSON.stringify makes of it.
    [InlineData("ca3fc00000", "1.5")]
    [InlineData("ca3dcccccd", "0.10000000149011612")]
    [InlineData("cb4014000000000000", "5")]
    [InlineData("cb7ff8000000000000", "null")]
    [InlineData("cb7ff0000000000000", "null")]
    [InlineData("cbfff0000000000000", "null")]
    [InlineData("ca7fc00000", "null")]
    [InlineData("d40000", "null")]
    [InlineData("92d4000001", "[null,1]")]
    [InlineData("81a161d40000", "{}")]
    [InlineData("83a161d40000a16201a163d40000", "{\"b\":1}")]
    // A date: milliseconds as a signed integer of eight bytes.
    [InlineData("d7000000000000000000", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("d700000001748 76e807b", "\"2020-09-13T12:26:40.123Z\"")]
    [InlineData("d700ffffffffffffffff", "\"1969-12-31T23:59:59.999Z\"")]
    [InlineData("d700ffffc77cedd32800", "\"0001-01-01T00:00:00.000Z\"")]
    [InlineData("d7000000e677d21fdbff", "\"9999-12-31T23:59:59.999Z\"")]
    // Outside of what .NET has a date for.
    [InlineData("d700ffffc77cedd327ff", "null")]
    [InlineData("d7000000e677d21fdc00", "null")]
    [InlineData("d7007fffffffffffffff", "null")]
    [InlineData("d7008000000000000000", "null")]
    public void MessagePack_is_read(string hex, string json) => Assert.Equal(json, DecodeValue(hex));

    [Theory]
    [InlineData("c400", "")]
    [InlineData("c4020102", "0102")]
    [InlineData("c500020102", "0102")]
    [InlineData("c6000000020102", "0102")]
    // An ArrayBuffer or a typed array in Node.
    [InlineData("c7 00 00", "")]
    [InlineData("c7 02 00 0102", "0102")]
    [InlineData("c7 08 00 0000000000000000", "0000000000000000")]
    [InlineData("c8 0002 00 0102", "0102")]
    [InlineData("c9 00000002 00 0102", "0102")]
    public void Binary_is_read_as_an_attachment(string hex, string data) =>
        Assert.Equal($"{{\"_placeholder\":true,\"num\":0}}+{data}", DecodeValue(hex));

    [Theory]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65_535, "daffff")]
    [InlineData(65_536, "db00010000")]
    public void The_length_of_a_text_takes_as_many_bytes_as_it_needs(int length, string head)
    {
        var text = new string('x', length);

        var hex = EncodeValue($"\"{text}\"");

        Assert.Equal(head + Hex(text), hex);
        Assert.Equal($"\"{text}\"", DecodeValue(hex));
    }

    // The text is longer in JSON than here, and is measured as it comes out.
    [Theory]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(300, "da012c")]
    public void A_text_with_escapes_is_measured_without_them(int length, string head) =>
        Assert.Equal(head + Hex(new string('\n', length)), EncodeValue($"\"{string.Concat(Enumerable.Repeat("\\n", length))}\""));

    [Theory]
    [InlineData(255, "c4ff")]
    [InlineData(256, "c50100")]
    [InlineData(65_535, "c5ffff")]
    [InlineData(65_536, "c600010000")]
    public void The_length_of_binary_takes_as_many_bytes_as_it_needs(int length, string head) =>
        Assert.Equal(head + new string('0', 2 * length), EncodeValue("""{"_placeholder":true,"num":0}""", new byte[length]));

    [Theory]
    [InlineData(15, "9f")]
    [InlineData(16, "dc0010")]
    [InlineData(65_535, "dcffff")]
    [InlineData(65_536, "dd00010000")]
    public void The_count_of_an_array_takes_as_many_bytes_as_it_needs(int count, string head)
    {
        var json = $"[[{string.Join(',', Enumerable.Repeat("7", count))}],8]";

        var hex = EncodeValue(json);

        Assert.Equal("92" + head + string.Concat(Enumerable.Repeat("07", count)) + "08", hex);
        Assert.Equal(json, DecodeValue(hex));
    }

    [Theory]
    [InlineData(15, "8f")]
    [InlineData(16, "de0010")]
    [InlineData(65_536, "df00010000")]
    public void The_count_of_a_map_takes_as_many_bytes_as_it_needs(int count, string head)
    {
        var json = $"{{\"m\":{{{string.Join(',', Enumerable.Repeat("\"k\":[1]", count))}}}}}";

        var hex = EncodeValue(json);

        Assert.Equal("81a16d" + head + string.Concat(Enumerable.Repeat("a16b9101", count)), hex);
        Assert.Equal(json, DecodeValue(hex));
    }

    [Fact]
    public void A_placeholder_of_the_programs_own_is_an_object_where_it_names_nothing()
    {
        Assert.Equal(Compact("82 ac5f706c616365686f6c646572 c3 a36e756d 00"), EncodeValue("""{"_placeholder":true,"num":0}"""));
        Assert.Equal(Compact("82 ac5f706c616365686f6c646572 c3 a36e756d 01"), EncodeValue("""{"_placeholder":true,"num":1}""", [1]));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("ä中😀")]
    public void Text_that_is_cut_within_a_character_is_refused(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);

        Assert.Equal(Decoding.Invalid, DecodeValue($"{0xa0 | (bytes.Length - 1):x2}{Convert.ToHexString(bytes[..^1])}"));
    }
}
