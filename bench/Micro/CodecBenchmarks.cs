using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using SocketIOServer.Json;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Micro;

/// <summary>Each packet kind in both directions.</summary>
public class CodecBenchmarks
{
    private static readonly byte[] Event = "2[\"echo\",\"01234567890123456789012345678901\"]"u8.ToArray();
    private static readonly byte[] Ack = "3/chat,17[{\"ok\":true}]"u8.ToArray();
    private static readonly byte[] Connect = "0/chat,{\"token\":\"0123456789\"}"u8.ToArray();
    private static readonly byte[] Binary = "51-[\"echo\",{\"_placeholder\":true,\"num\":0}]"u8.ToArray();
    private static readonly byte[] Attachment = new byte[1024];
    private static readonly byte[] PayloadV4 = "4hello\u001e4world\u001e2"u8.ToArray();
    private static readonly byte[] PayloadV3 = "6:4hello6:4world1:2"u8.ToArray();
    private static readonly string Text = new('x', 32);
    private static readonly ClientEncoding Encoding3 = EngineProtocol.V3.DescribeClient(false, "");
    private static readonly ClientEncoding Encoding4 = EngineProtocol.V4.DescribeClient(false, "");

    private readonly PacketDecoder _decoder = PacketParser.Json.CreateDecoder(new(10, 1_000_000, 64));
    private readonly PacketEncoder _encoder = new(new JsonSerializerOptions(JsonSerializerDefaults.Web), PacketParser.Json);
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly OutgoingMessage[] _batch = [new("4hello"u8.ToArray()), new("4world"u8.ToArray()), new("2"u8.ToArray())];

    [Benchmark(Description = "decode EVENT")]
    public bool DecodeEvent() => Decode(Event);

    [Benchmark(Description = "decode ACK")]
    public bool DecodeAck() => Decode(Ack);

    [Benchmark(Description = "decode CONNECT")]
    public bool DecodeConnect() => Decode(Connect);

    [Benchmark(Description = "decode BINARY_EVENT and 1 KiB")]
    public bool DecodeBinary()
    {
        _decoder.Add(new(EnginePacketType.Message, Binary, false), out _);
        return _decoder.Add(new(EnginePacketType.Message, Attachment, true), out _) == DecodeResult.Complete;
    }

    [Benchmark(Description = "encode EVENT")]
    public object EncodeEvent() => _encoder.Event<string, object?, object?>([], SocketPacket.NoId, "echo", 1, Text, null, null);

    [Benchmark(Description = "encode BINARY_EVENT of 1 KiB")]
    public object EncodeBinary() => _encoder.Event<byte[], object?, object?>([], SocketPacket.NoId, "echo", 1, Attachment, null, null);

    [Benchmark(Description = "encode ACK")]
    public object EncodeAck() => _encoder.Ack([], 17, hasValue: true, Text);

    [Benchmark(Description = "encode CONNECT")]
    public object EncodeConnect() => SocketDialect.V5.Connected(PacketParser.Json, [], "0123456789abcdefghij", null);

    [Benchmark(Description = "read a payload of 3, revision 4")]
    public int ReadV4() => Read(EngineProtocol.V4, PayloadV4, Encoding4);

    [Benchmark(Description = "read a payload of 3, revision 3")]
    public int ReadV3() => Read(EngineProtocol.V3, PayloadV3, Encoding3);

    [Benchmark(Description = "write a payload of 3, revision 4")]
    public int WriteV4() => Write(EngineProtocol.V4);

    [Benchmark(Description = "write a payload of 3, revision 3")]
    public int WriteV3() => Write(EngineProtocol.V3);

    private bool Decode(byte[] text) => _decoder.Add(new(EnginePacketType.Message, text, false), out _) == DecodeResult.Complete;

    private static int Read(EngineProtocol protocol, byte[] body, ClientEncoding encoding)
    {
        ReadOnlyMemory<byte> rest = body;
        var count = 0;
        while (!rest.IsEmpty && protocol.TryReadPayload(ref rest, isBinaryBody: false, encoding, out _)) count++;
        return count == 3 ? count : throw new FormatException();
    }

    private int Write(EngineProtocol protocol)
    {
        _output.ResetWrittenCount();
        protocol.WritePayload(_batch, default, _output);
        return _output.WrittenCount;
    }
}
