using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SocketIOServer.Json;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Tests.Events;

/// <summary>What was bound from a client's JSON can be emitted again, whatever the type: one message must not make a program's later emits throw.</summary>
public sealed class RoundTripTests
{
    private const int Values = 3000;
    private static readonly PacketLimits Limits = new(10, 10_000_000, 64);

    // What has made a reader and a writer differ before, or may.
    private static readonly string[] Hard =
    [
        "1e999", "-1e999", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "1e39", "65520", "-0", "-0.0", "1e-999", "5e-324", "0.1", "2.0", "1e400", "2147483648",
        "18446744073709551616", "-9223372036854775809", "79228162514264337593543950336", "null", "true", "\"\"", "\"x\"", "\"1\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\udfff\\ud800\"", "\"\\ud83d\\ude00\"", "\"😀\"", "\"2020-01-02T03:04:05Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"",
        "\"2020-01-02\"", "\"24:00:00\"", "\"-10675199.02:48:05.4775808\"", "\"03:04:05\"", "\"1.2.3\"", "\"//\"", "\"http://[\"", "\"AQID\"",
        "\"00000000-0000-0000-0000-000000000001\"", "[]", "{}", "[[]]", "{\"_placeholder\":true,\"num\":0}", "{\"\":1}", "{\"\\ud800\":1}", "99", "\"Monday\"",
    ];

    [Theory]
    [InlineData("json")]
    [InlineData("msgpack")]
    public void Whatever_is_accepted_can_be_written_again(string parser)
    {
        var encoder = new PacketEncoder(new SocketServerOptions().Json, parser == "json" ? PacketParser.Json : PacketParser.MessagePack);
        const int Seed = 20_11;
        var random = new Random(Seed);
        var accepted = 0;

        for (var i = 0; i < Values; i++)
        {
            var json = $"[\"e\",{Any(random, 3)}]";
            if (Decode(json, hasBinary: i % 4 == 3) is not { } packet) continue;
            accepted += Check.All.Count(check => check(packet, encoder, json));
        }

        Assert.InRange(accepted, Values, int.MaxValue);
    }

    // With binary the placeholders among the values are attachments.
    private static SocketPacket? Decode(string json, bool hasBinary)
    {
        var decoder = new JsonPacketDecoder(Limits);
        var result = decoder.Add(new(EnginePacketType.Message, Encoding.UTF8.GetBytes((hasBinary ? "51-" : "2") + json)), out var packet);
        if (result == DecodeResult.Pending) result = decoder.Add(new(EnginePacketType.Message, new byte[] { 1, 2, 255 }, isBinary: true), out packet);
        return result == DecodeResult.Complete ? packet : null;
    }

    private static string Any(Random random, int depth) => random.Next(depth > 0 ? 4 : 2) switch
    {
        0 or 1 => Hard[random.Next(Hard.Length)],
        2 => $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Any(random, depth - 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Member(random)}\":{Any(random, depth - 1)}"))}}}",
    };

    private static string Member(Random random) => random.Next(12) switch
    {
        0 => "NaN",
        1 => "1e999",
        2 => "\\ud800",
        3 => "Real",
        var letter => letter.ToString(CultureInfo.InvariantCulture) is var digit && random.Next(3) == 0 ? digit : ((string[])["real", "narrow", "text", "items", "element", "node", "time", "more"])[letter % 8],
    };

    private static class Check
    {
        // True: it was accepted.
        public static readonly Func<SocketPacket, PacketEncoder, string, bool>[] All =
        [
            Of<double>, Of<float>, Of<Half>, Of<decimal>, Of<double?>, Of<float?>, Of<Half?>, Of<int>, Of<long>, Of<ulong>, Of<byte>, Of<short?>, Of<Int128>, Of<UInt128>,
            Of<bool>, Of<char>, Of<string>, Of<DateTime>, Of<DateTimeOffset>, Of<DateOnly>, Of<TimeOnly>, Of<TimeSpan>, Of<Guid>, Of<Uri>, Of<Version>, Of<DayOfWeek>, Of<byte[]>,
            Of<Memory<byte>>, Of<ReadOnlyMemory<byte>>, Of<Stream>, Of<object>, Of<JsonElement>, Of<JsonNode>, Of<JsonObject>, Of<JsonArray>, Of<JsonValue>, Of<JsonDocument>,
            Of<double[]>, Of<List<float>>, Of<Half[][]>, Of<ReadOnlyMemory<double>>, Of<ImmutableArray<float>>, Of<HashSet<double>>, Of<object[]>, Of<Queue<decimal>>,
            Of<Dictionary<string, double>>, Of<Dictionary<double, string>>, Of<Dictionary<float, Half>>, Of<SortedDictionary<string, object>>, Of<Dictionary<DateTime, int>>,
            Of<Dictionary<string, List<double?>>>, Of<KeyValuePair<string, double>>, Of<Tuple<double, float>>, Of<Bag>, Of<Bag[]>, Of<Dictionary<string, Bag>>, Of<Part>, Of<Part?>,
        ];

        private static bool Of<T>(SocketPacket packet, PacketEncoder encoder, string json)
        {
            T? value;
            try
            {
                var arguments = new JsonArguments(packet, encoder);
                if (!arguments.TryRead(out value)) return false;
            }
            catch (Exception e) when (JsonArguments.IsFault(e))
            {
                return false;
            }

            try
            {
                encoder.Event<T?, object?, object?>([], SocketPacket.NoId, "e", 2, value, value, null);
                return true;
            }
            catch (Exception e)
            {
                Assert.Fail($"{typeof(T)} of {json}: {e.Message}");
                return false;
            }
        }
    }

    public sealed record Bag(
        double Real, float? Narrow, string? Text, ImmutableArray<double> Items, JsonElement Element, JsonNode? Node, DateTimeOffset Time, Dictionary<string, Part>? More);

    public readonly record struct Part(Half Real, double[]? Items, ArraySegment<int> Narrow, object? Text);
}
