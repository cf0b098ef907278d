using System.Text;
using SocketIOServer.Json;

namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>The messages and entries of @socket.io/redis-streams-adapter 0.3.1, byte for byte, and what is none of them.</summary>
public sealed class StreamsWireTests
{
    private const string Uid = "66f76bf9217e6fea";

    private static readonly WireLimits Limits = new();
    private static readonly PacketEncoder Encoder = new(new SocketServerOptions().Json, PacketParser.Json);

    /// <summary>Type and data of captured entries.</summary>
    public static TheoryData<int, string> Entries => new()
    {
        { 3, """{"packet":{"type":2,"data":["hi",1,{"a":"é"}]},"opts":{"rooms":[],"except":[],"flags":{}}}""" },
        { 3, """{"packet":{"type":2,"data":["hi"]},"opts":{"rooms":["room1"],"except":[],"flags":{}}}""" },
        { 3, "gqZwYWNrZXSCpHR5cGUCpGRhdGGSomhpxAIBAqRvcHRzg6Vyb29tc5Klcm9vbTGlcm9vbTKmZXhjZXB0kaF4pWZsYWdzgqh2b2xhdGlsZcOoY29tcHJlc3PC" },
        { 3, "gqZwYWNrZXSCpHR5cGUCpGRhdGGSo2JpbsQCAQKkb3B0c4Olcm9vbXOQpmV4Y2VwdJClZmxhZ3OA" },
        { 4, """{"opts":{"rooms":["room1"],"except":[],"flags":{}},"rooms":["r9"]}""" },
        { 5, """{"opts":{"rooms":[],"except":[],"flags":{}},"rooms":["r9","r8"]}""" },
        { 6, """{"opts":{"rooms":[],"except":[],"flags":{}},"close":true}""" },
    };

    /// <summary>Captured messages of PUBLISH.</summary>
    public static TheoryData<string> Messages =>
    [
        "84a47479706503a46461746183a67061636b657482a47479706502a46461746192a17107a9726571756573744964b035353262623935353934363536346435a46f70747383a5726f6f6d7390a665786365707490a5666c61677381a774696d656f7574cd03e8a3756964b036366637366266393231376536666561a36e7370a12f",
        "84a4747970650ba46461746182a9726571756573744964b035353262623935353934363536346435ab636c69656e74436f756e7401a3756964b039663938383530306531303134383733a36e7370a12f",
        "84a4747970650ca46461746182a9726571756573744964b035353262623935353934363536346435a67061636b6574a561636b2d37a3756964b039663938383530306531303134383733a36e7370a12f",
        "84a47479706507a46461746182a46f70747383a5726f6f6d7391a5726f6f6d31a665786365707490a5666c61677380a9726571756573744964b066396338613738343337333866306336a3756964b036366637366266393231376536666561a36e7370a12f",
        "84a47479706509a46461746181a67061636b657492a570696e673201a3756964b036366637366266393231376536666561a36e7370a12f",
        "84a47479706509a46461746182a9726571756573744964b031346162316130343038663463313836a67061636b657492a570696e673201a3756964b036366637366266393231376536666561a36e7370a12f",
        "84a4747970650aa46461746182a9726571756573744964b031346162316130343038663463313836a67061636b6574ab706f6e672d66726f6d2d30a3756964b039663938383530306531303134383733a36e7370a12f",
    ];

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_captured_entry_is_read_and_written_as_it_was(int type, string data)
    {
        Assert.True(TryRead(type, data, out var message));

        Assert.Equal(((ClusterMessageType)type, Uid, "/"), (message.Type, message.Sender, message.Namespace));
        var wire = new StreamsWire();
        Assert.True(wire.IsLogged(message));
        Assert.Equal(data, Encoding.UTF8.GetString(wire.WriteLogged(message, Encoder)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_captured_message_is_read_and_written_as_it_was(string hex)
    {
        var wire = new StreamsWire();
        Assert.True(wire.TryRead("socket.io#/#", Convert.FromHexString(hex), Limits, Encoder, out var message));

        Assert.False(wire.IsLogged(message));
        Assert.Equal(hex, Convert.ToHexStringLower(wire.Write("/", message, Encoder)));
    }

    [Fact]
    public void Binary_is_written_as_Node_writes_it_with_onlyPlaintext()
    {
        Assert.True(TryRead(3, "gqZwYWNrZXSCpHR5cGUCpGRhdGGSo2JpbsQCAQKkb3B0c4Olcm9vbXOQpmV4Y2VwdJClZmxhZ3OA", out var message));

        var data = Encoding.UTF8.GetString(new StreamsWire(onlyPlaintext: true).WriteLogged(message, Encoder));

        Assert.Equal("""{"packet":{"type":2,"data":["bin",{"type":"Buffer","data":[1,2]}]},"opts":{"rooms":[],"except":[],"flags":{}}}""", data);
        Assert.True(TryRead(3, data, out var read));
        Assert.Equal("""["bin",{"type":"Buffer","data":[1,2]}]""", Encoding.UTF8.GetString(read.Json.Span));
    }

    [Theory]
    [InlineData(3, "")]
    [InlineData(3, "{")]
    [InlineData(3, "{}")]
    [InlineData(3, "[]")]
    [InlineData(3, "!!!!")]
    [InlineData(3, "AAAA")]
    [InlineData(3, "wA==")]
    [InlineData(3, """{"packet":{"type":2,"data":["hi"]},"opts":{"rooms":[],"except":[],"flags":{}}}x""")]
    [InlineData(3, """{"packet":{"type":2,"data":["hi"]},"opts":{"rooms":7,"except":[],"flags":{}}}""")]
    [InlineData(3, """{"packet":{"type":2,"data":{}},"opts":{}}""")]
    [InlineData(3, """{"packet":"hi","opts":{}}""")]
    [InlineData(3, """{"packet":{"type":2,"data":["hi"]}},"type":6,"data":{"opts":{},"close":true}""")]
    [InlineData(4, """{"opts":{"rooms":[],"except":[],"flags":{}}}""")]
    [InlineData(5, """{"opts":{"rooms":[],"except":[],"flags":{}},"rooms":[1]}""")]
    [InlineData(6, """{"close":true}""")]
    public void An_entry_that_is_none_is_refused(int type, string data) => Assert.False(TryRead(type, data, out _));

    [Fact]
    public void An_entry_that_is_too_large_or_too_deep_is_refused()
    {
        Assert.True(TryRead(3, DataWith("\"" + new string('x', 1000) + "\""), out _));

        Assert.False(TryRead(3, DataWith("\"" + new string('x', 11 << 20) + "\""), out _));
        Assert.False(TryRead(3, DataWith(new string('[', 10_000) + new string(']', 10_000)), out _));

        static string DataWith(string argument) => """{"packet":{"type":2,"data":["hi",$]},"opts":{}}""".Replace("$", argument, StringComparison.Ordinal);
    }

    [Fact]
    public void No_prefix_and_no_mutation_of_an_entry_throws()
    {
        var random = new Random(19);
        foreach (var (type, data) in Entries.Select(row => row.Data))
        {
            var bytes = Encoding.UTF8.GetBytes(data);
            for (var length = 0; length < bytes.Length; length++) TryRead(type, bytes.AsSpan(0, length).ToArray(), out _);
            for (var i = 0; i < 2000; i++)
            {
                var mutant = (byte[])bytes.Clone();
                for (var changes = random.Next(1, 4); changes > 0; changes--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
                TryRead(type, mutant, out _);
            }
        }
    }

    private static bool TryRead(int type, string data, out ClusterMessage message) => TryRead(type, Encoding.UTF8.GetBytes(data), out message);

    private static bool TryRead(int type, byte[] data, out ClusterMessage message) =>
        new StreamsWire().TryReadLogged(new() { Sender = Uid, Namespace = "/", Type = type, Data = data }, Limits, Encoder, out message);
}
