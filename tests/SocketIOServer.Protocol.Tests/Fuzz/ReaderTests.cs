using System.Text.Unicode;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.Fuzz;

/// <summary>Changed packets and payloads: every reader says no, or yes, and never throws or takes more memory than the bytes are worth.</summary>
public sealed class ReaderTests
{
    private static readonly byte[][] Packets =
    [
        .. ((string[])
        [
            "0", "0/chat,", "0{\"token\":\"abc\"}", "0/chat,{\"a\":[1,2,{}]}", "0/chat?token=1,", "1", "1/chat,", "2[\"e\"]", "212[\"e\",1,-2.5e3,true,null]",
            "2/chat,7[\"größe\",\"\\ud83d\\ude00\",\"\\ud800\"]", "2[\"e\",{\"a\":{\"b\":[{\"c\":[[[]]]}]}}]", "2[1]", "312[]", "3/chat,9007199254740991[\"x\",{}]",
            "4{\"message\":\"no\"}", "51-[\"e\",{\"_placeholder\":true,\"num\":0}]", "52-/chat,3[\"e\",{\"_placeholder\":true,\"num\":1},[{\"_placeholder\":true,\"num\":0}]]",
            "61-7[{\"_placeholder\":true,\"num\":0}]", "510-[\"e\",{\"num\":0,\"_placeholder\":true}]", "2[\"connect\"]", "2[\"\\u0065\",\"\\\\\\\"\\n\"]",
        ]).Select(Wire.Utf8),
    ];

    private static readonly byte[][] MessagePacks = [.. SocketIO.MessagePack.MutationTests.Packets.Select(row => Wire.Hex(row.Data))];

    private static readonly byte[][] TextPayloads =
    [
        .. ((string[])
        [
            "4hi\u001e4there", "2", "3probe", "bAQID\u001ebAQ==\u001e4x", "0{}", "1", "6\u001e6\u001e6", "4é😀", "42[\"e\"]\u001e451-[\"e\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID",
            "3:4hi", "1:2", "6:b4AQID", "5:4é😀x1:6", "12:42[\"e\",\"é\"]", "000000003:4hi", "11:4Ã©Ã©Ã©Ã©Ã©", "10:b4AQIDBAUG2:40",
        ]).Select(Wire.Utf8),
    ];

    private static readonly byte[][] BinaryPayloads =
    [
        .. ((string[])["0003ff346869", "0104ff04010203", "0001ff320001ff33", "000102ff34c3a9c3a9c3a9c3a9c3a978", "0101ff04", "0009ff34323432343234320001ff36", "00000005ff3461626364"]).Select(Wire.Hex),
    ];

    public static TheoryData<int> Seeds => FuzzRun.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Json_packets(int seed) => FuzzRun.Try(Packets, seed, 300_000, 8, static (input, mutator) => Decode(PacketParser.Json, input, isBinary: mutator.Below(16) == 0, mutator));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MessagePack_packets(int seed) => FuzzRun.Try(MessagePacks, seed, 200_000, 40, static (input, mutator) => Decode(PacketParser.MessagePack, input, isBinary: mutator.Below(16) != 0, mutator));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Packets_of_old_MessagePack_clients(int seed) => FuzzRun.Try(
        [.. MessagePacks, .. Packets], seed, 50_000, 40, static (input, mutator) => Decode(PacketParser.MessagePack.ForOldClients, input, isBinary: mutator.Below(4) != 0, mutator));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Text_payloads_of_revision_4(int seed) => FuzzRun.Try(TextPayloads, seed, 80_000, 8, static (input, _) => ReadBody(EngineProtocol.V4, input, isBinary: false));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Text_payloads_of_revision_3(int seed) => FuzzRun.Try(TextPayloads, seed, 120_000, 8, static (input, _) => ReadBody(EngineProtocol.V3, input, isBinary: false));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Binary_payloads_of_both(int seed) => FuzzRun.Try(
        BinaryPayloads, seed, 100_000, 8, static (input, mutator) => ReadBody(mutator.Below(8) == 0 ? EngineProtocol.V4 : EngineProtocol.V3, input, isBinary: true));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Frames_of_both(int seed) => FuzzRun.Try(
        [.. TextPayloads, .. BinaryPayloads],
        seed,
        100_000,
        8,
        static (input, mutator) =>
        {
            var isBinary = mutator.Below(2) == 0;
            return (isBinary || Utf8.IsValid(input.Span)) && (mutator.Below(2) == 0 ? EngineProtocol.V4 : EngineProtocol.V3).TryReadFrame(input, isBinary, out _);
        });

    // As a client does: text is found to be UTF-8 before, and behind a head come attachments, or something else.
    private static bool Decode(PacketParser parser, ReadOnlyMemory<byte> input, bool isBinary, Mutator mutator)
    {
        if (!isBinary && !Utf8.IsValid(input.Span)) return false;
        var decoder = parser.CreateDecoder(Decoding.Limits);
        var result = decoder.Add(new(EnginePacketType.Message, input, isBinary), out var packet);
        while (result == DecodeResult.Pending)
        {
            var goesOn = mutator.Below(8) != 0;
            result = decoder.Add(new(EnginePacketType.Message, input, goesOn), out packet);
            if (!goesOn) Assert.Equal(DecodeResult.Invalid, result);
            if (result == DecodeResult.Pending) Assert.True(packet.Attachments.Count < Decoding.Limits.MaxAttachments);
        }

        if (result != DecodeResult.Complete) return false;
        Assert.InRange(packet.Attachments.Count, 0, int.MaxValue);
        Assert.InRange(packet.Id, SocketPacket.NoId, SocketPacket.MaxId);
        Assert.True(Utf8.IsValid(packet.Json.Span));
        Assert.True(Utf8.IsValid(packet.Namespace.Span));
        return true;
    }

    private static bool ReadBody(EngineProtocol protocol, ReadOnlyMemory<byte> body, bool isBinary)
    {
        if (!isBinary && !Utf8.IsValid(body.Span)) return false;
        var encoding = Wire.NewEncoding();
        do
        {
            var before = body.Length;
            if (!protocol.TryReadPayload(ref body, isBinary, encoding, out var packet)) return false;
            Assert.True(body.Length < before, "nothing was read");
            Assert.InRange((int)packet.Type, 0, (int)EnginePacketType.Noop);
        }
        while (body.Length > 0);

        return true;
    }
}
