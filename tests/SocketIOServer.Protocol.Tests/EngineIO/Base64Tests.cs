using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

public sealed class Base64Tests
{
    public static TheoryData<string> Broken =>
    [
        "A", "AQ", "AQI", "AQ=", "AQIDB", "AQIDBA", "AQIDBA=",
        "=", "==", "===", "====", "A===", "=AAA", "AA=A", "AQ==AQ==", "AQIDBA==A", "AQI=AQID",
        "####", "AQ-_", "AQ!=", "AQ,=", "ＡＱＩＤ", "AQé=",
        "AQ ID", " AQID", "AQID ", "AQ\nID", "AQID\r\n\r\n", "AQ\tID", "A Q I D ", "    ",
        "AQ\0=", "AQ\vI", "AQ\u00a0", "AQ%3D", "AQID%2B", "\"AQI",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public void Only_strict_base64_is_binary(string base64)
    {
        Assert.Equal([Wire.Refused], Wire.ReadBody(EngineProtocol.V4, "b" + base64));
        Assert.Equal([Wire.Refused], Wire.ReadBody(EngineProtocol.V3, $"{base64.Length + 2}:b4{base64}"));
        Assert.Equal(Wire.Refused, Wire.ReadFrame(EngineProtocol.V4, Wire.Utf8("b" + base64), isBinary: false));
        Assert.Equal(Wire.Refused, Wire.ReadFrame(EngineProtocol.V3, Wire.Utf8("b4" + base64), isBinary: false));
    }

    [Fact]
    public void Every_length_and_every_byte_comes_back()
    {
        for (var length = 0; length <= 256; length++)
        {
            var shown = "b:" + Convert.ToHexString([.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + length))]);

            Assert.Equal([shown], Wire.ReadBody(EngineProtocol.V4, Wire.WriteText(EngineProtocol.V4, Wire.Message(shown))));
            Assert.Equal([shown], Wire.ReadBody(EngineProtocol.V3, Wire.WriteText(EngineProtocol.V3, Wire.Message(shown))));
        }
    }
}
