using System.Buffers;
using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.Fuzz;

/// <summary>What is written is read as the same, whatever it is.</summary>
public sealed class RoundTripTests
{
    private static readonly string[] Pieces = ["a", "\\\"", "\\\\", "\\n", "é", "中", "😀", "\\u0001", " ", "42[", "\\ud83d\\ude00", "/", ",", ":"];

    public static TheoryData<int> Seeds => FuzzRun.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Packets_in_JSON(int seed) => Packets(PacketParser.Json, seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Packets_in_MessagePack(int seed) => Packets(PacketParser.MessagePack, seed);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Payloads(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var packets = Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => random.Next(4) == 0 ? "b:" + Convert.ToHexString(Bytes(random)) : "4" + Text(random).Replace("\\", "", StringComparison.Ordinal)).ToArray();
            foreach (var (protocol, form) in ((EngineProtocol, PayloadForm)[])[(EngineProtocol.V4, PayloadForm.Text), (EngineProtocol.V3, PayloadForm.Either), (EngineProtocol.V3, PayloadForm.Binary), (EngineProtocol.V3, PayloadForm.Text)])
            {
                var output = new ArrayBufferWriter<byte>();
                var isBinary = protocol.WritePayload(Wire.Batch(packets), form, output);
                // A client of now encodes once.
                var encoding = Wire.NewEncoding();
                encoding.IsPlainText = true;

                Assert.Equal(packets, Wire.ReadBody(protocol, output.WrittenMemory, isBinary, encoding));
            }
        }
    }

    private static void Packets(PacketParser parser, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 50_000; round++)
        {
            var type = (SocketPacketType)random.Next(4);
            var name = random.Next(2) == 0 ? "" : "/" + Text(random).Replace(",", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal);
            var id = type switch
            {
                SocketPacketType.Ack => random.NextInt64(SocketPacket.MaxId + 1),
                SocketPacketType.Event when random.Next(2) == 0 => random.NextInt64(SocketPacket.MaxId + 1),
                _ => SocketPacket.NoId,
            };
            byte[][] attachments = type is SocketPacketType.Event or SocketPacketType.Ack && random.Next(3) == 0
                ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Bytes(random))]
                : [];
            var json = Json(random, type, attachments.Length);

            var message = parser.Write(type, Wire.Utf8(name), id, Wire.Utf8(json), attachments);
            var decoder = parser.CreateDecoder(Decoding.Limits);
            SocketPacket packet = default;
            var results = new List<DecodeResult>();
            for (var i = 0; i < message.Count; i++)
            {
                var (bytes, isBinary) = (message[i].Bytes, message[i].IsBinary);
                results.Add(decoder.Add(new(EnginePacketType.Message, isBinary ? bytes : bytes[1..], isBinary), out packet));
            }

            Assert.Equal(DecodeResult.Complete, results[^1]);
            Assert.All(results.SkipLast(1), result => Assert.Equal(DecodeResult.Pending, result));
            Assert.Equal((type, id), (packet.Type, packet.Id));
            Assert.Equal(name == "/" ? "" : name, Encoding.UTF8.GetString(packet.Namespace.Span) is "/" ? "" : Encoding.UTF8.GetString(packet.Namespace.Span));
            Assert.Equal(attachments.Select(Convert.ToHexString), packet.Attachments.Select(data => Convert.ToHexString(data.Span)));
            Assert.True(Same(json, packet.Json), $"Seed {seed}, round {round}: {json} became {Encoding.UTF8.GetString(packet.Json.Span)}");
        }
    }

    private static bool Same(string json, ReadOnlyMemory<byte> read)
    {
        if (json.Length == 0) return read.IsEmpty;
        using var one = System.Text.Json.JsonDocument.Parse(json);
        using var other = System.Text.Json.JsonDocument.Parse(read);
        return System.Text.Json.JsonElement.DeepEquals(one.RootElement, other.RootElement);
    }

    private static string Json(Random random, SocketPacketType type, int attachments)
    {
        if (type == SocketPacketType.Disconnect || type == SocketPacketType.Connect && random.Next(2) == 0) return "";
        if (type == SocketPacketType.Connect) return $"{{\"k\":{Value(random, 3)}}}";
        var values = Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, 3))
            .Concat(Enumerable.Range(0, attachments).Select(i => $"{{\"_placeholder\":true,\"num\":{i}}}"));
        return $"[{string.Join(',', type == SocketPacketType.Event ? values.Prepend($"\"e{Text(random)}\"") : values)}]";
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 8 : 6) switch
    {
        0 => "null",
        1 => "true",
        2 => random.NextInt64(-(1L << 53), 1L << 53).ToString(System.Globalization.CultureInfo.InvariantCulture),
        3 => ((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20))).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        4 or 5 => $"\"{Text(random)}\"",
        6 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(i => $"\"k{i}\":{Value(random, depth - 1)}"))}}}",
    };

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        return bytes;
    }
}
