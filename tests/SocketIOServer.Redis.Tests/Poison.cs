using System.Text;

namespace SocketIOServer.Redis.Tests;

/// <summary>Messages that no server may read, on no channel or on one kind of channel.</summary>
internal static class Poison
{
    // GLOBAL posix.system, "id", REDUCE; and the same by STACK_GLOBAL of protocol 4.
    private const string Reduce = "800363706f7369780a73797374656d0a71005802000000696471018571025271032e";
    private const string StackGlobal = "8004951d000000000000008c05706f736978948c0673797374656d9493948c026964948594529 42e";

    /// <summary>For every channel.</summary>
    public static (string Name, byte[] Bytes)[] Everywhere { get; } =
    [
        ("nothing", []),
        ("a brace", Text("{")),
        ("a bracket", Text("[")),
        ("a word", Text("nonsense")),
        ("null", Text("null")),
        ("a number", Text("7")),
        ("a text", Text("\"text\"")),
        ("an empty list", Text("[]")),
        ("a list of lists", Text("[[],[]]")),
        ("a cut off object", Text("""{"type":3,"data":{"packet":{"type":2,"data":["e" """)),
        ("two values", Text("""{"type":1,"uid":"u","method":"disconnect","sid":"s","t":"beat"}{}""")),
        ("a comment", Text("/* */ {}")),
        ("a trailing comma", Text("""{"type":1,"uid":"u","method":"x",}""")),
        ("single quotes", Text("{'type':1,'uid':'u','method':'x'}")),
        ("a mark of byte order", [0xef, 0xbb, 0xbf, .. "{\"type\":1,\"uid\":\"u\",\"method\":\"x\"}"u8]),
        ("text that is not UTF-8", [.. "{\"type\":1,\"uid\":\""u8, 0xff, 0xfe, .. "\",\"method\":\""u8, 0xc3, .. "\"}"u8]),
        ("UTF-16", Encoding.Unicode.GetBytes("""{"type":1,"uid":"u"}""")),
        ("10,000 lists in each other", Text(new string('[', 10_000) + new string(']', 10_000))),
        ("10,000 objects in each other", Text(string.Concat(Enumerable.Repeat("{\"data\":", 10_000)) + "1" + new string('}', 10_000))),
        ("10,000 lists in a known key", Text("{\"type\":3,\"uid\":\"u\",\"method\":\"emit\",\"t\":\"beat\",\"data\":" + new string('[', 10_000) + new string(']', 10_000) + "}")),
        ("MessagePack: a list of 4 billion", [0xdd, 0xff, 0xff, 0xff, 0xff]),
        ("MessagePack: a map of 4 billion", [0xdf, 0xff, 0xff, 0xff, 0xff]),
        ("MessagePack: a text of 4 GiB", [0xdb, 0xff, 0xff, 0xff, 0xff]),
        ("MessagePack: 4 GiB of binary", [0xc6, 0xff, 0xff, 0xff, 0xff]),
        ("MessagePack: an extension of 4 GiB", [0xc9, 0xff, 0xff, 0xff, 0xff, 1]),
        ("MessagePack: 10,000 lists in each other", [.. Enumerable.Repeat((byte)0x91, 10_000)]),
        ("MessagePack: 10,000 maps in each other", [.. Enumerable.Repeat<byte[]>([0x81, 0xa1, (byte)'a'], 10_000).SelectMany(static map => map)]),
        ("MessagePack: the byte that is never used", [0xc1]),
        ("MessagePack: nil", [0xc0]),
        ("MessagePack: a cut off event", Convert.FromHexString("93a644357237555083a47479706502a464617461")),
        ("MessagePack: an event with more behind it", Convert.FromHexString("93a644357237555083a47479706502a46461746191a26869a36e7370a12f83a5726f6f6d7390a665786365707490a5666c61677380c0")),
        ("a pickle with REDUCE", Convert.FromHexString(Reduce)),
        ("a pickle with STACK_GLOBAL", Convert.FromHexString(StackGlobal.Replace(" ", "", StringComparison.Ordinal))),
        ("a pickle of None", Convert.FromHexString("80044e2e")),
        ("a pickle that is cut off", Convert.FromHexString("80049592000000000000007d9428")),
        ("a pickle of 100,001 marks", [0x80, 4, .. Enumerable.Repeat((byte)'(', 100_001), (byte)'.']),
        ("a MiB of zeros", new byte[1 << 20]),
        ("a MiB of 0xff", [.. Enumerable.Repeat((byte)0xff, 1 << 20)]),
        ("a MiB of letters", [.. Enumerable.Repeat((byte)'A', 1 << 20)]),
    ];

    /// <summary>For the channels of the sharded wire.</summary>
    public static (string Name, byte[] Bytes)[] Sharded { get; } = Texts(
        "{}",
        """{"type":"3","data":{"packet":{"data":["a"]},"opts":{}},"uid":"u"}""",
        """{"type":3e9,"data":{"packet":{"data":["a"]},"opts":{}},"uid":"u"}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{}}}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":["u"]}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":"u","nsp":"/foreign"}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{}},"uid":"u","nsp":7}""",
        """{"type":3,"data":{"packet":{"data":[{}]},"opts":{}},"uid":"u","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"data":[]},"opts":{}},"uid":"u","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"data":["a",{"_placeholder":true,"num":0}]},"opts":{}},"uid":"u","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{"rooms":{"length":1}}},"uid":"u","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{"except":[null]}},"uid":"u","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"data":["a"]},"opts":{"flags":{"volatile":"yes"}}},"uid":"u","nsp":"/"}""",
        """{"type":4,"data":{"opts":{},"rooms":"a"},"uid":"u","nsp":"/"}""",
        """{"type":5,"data":{"rooms":["a"]},"uid":"u","nsp":"/"}""",
        """{"type":6,"data":{"opts":{},"close":1},"uid":"u","nsp":"/"}""",
        """{"type":7,"data":{"opts":{}},"uid":"u","nsp":"/"}""",
        """{"type":8,"data":{"requestId":"1","sockets":[{"id":{}}]},"uid":"u","nsp":"/"}""",
        """{"type":9,"data":{"packet":{"0":"a"}},"uid":"u","nsp":"/"}""",
        """{"type":11,"data":{"requestId":"1","clientCount":-5},"uid":"u","nsp":"/"}""",
        """{"type":12,"data":{"requestId":{}},"uid":"u","nsp":"/"}""");

    /// <summary>For the channel of requests of the classic wire.</summary>
    public static (string Name, byte[] Bytes)[] ClassicRequests { get; } = Texts(
        "{}",
        """{"uid":"u"}""",
        """{"uid":"u","type":"2","opts":{},"rooms":["a"]}""",
        """{"uid":"u","type":-1}""",
        """{"uid":7,"type":2,"opts":{},"rooms":["a"]}""",
        """{"uid":"u","type":2,"opts":[],"rooms":["a"]}""",
        """{"uid":"u","type":2,"opts":{},"rooms":[["a"]]}""",
        """{"uid":"u","type":3,"opts":{"rooms":[1]},"rooms":["a"]}""",
        """{"uid":"u","type":4,"opts":{},"close":"yes"}""",
        """{"uid":"u","type":5,"opts":{}}""",
        """{"uid":"u","type":6,"data":"a"}""",
        """{"uid":"u","type":7,"requestId":"1","packet":["a"],"opts":{}}""",
        """{"uid":"u","type":7,"requestId":"1","packet":{"type":2,"data":["a"],"nsp":"/foreign"},"opts":{}}""");

    /// <summary>For the channels of answers of the classic wire.</summary>
    public static (string Name, byte[] Bytes)[] ClassicResponses { get; } = Texts(
        """{"requestId":1,"sockets":[]}""",
        """{"requestId":"1","sockets":{}}""",
        """{"requestId":"1","sockets":[{"id":1}]}""",
        """{"requestId":"1","rooms":[1]}""",
        """{"type":8,"requestId":"1","clientCount":"1"}""",
        """{"type":9,"packet":1}""");

    /// <summary>For the channel on which servers tell that they are there.</summary>
    public static (string Name, byte[] Bytes)[] Nodes { get; } = Texts(
        "{}",
        """{"t":"hello"}""",
        """{"t":7,"uid":"u"}""",
        """{"t":"hello","uid":"u","name":{}}""",
        """{"t":"hello","uid":"u","bridges":[]}""");

    /// <summary>For the channels of Python.</summary>
    public static (string Name, byte[] Bytes)[] Python { get; } = Texts(
        "{}",
        """{"method":["emit"]}""",
        """{"method":"emit","event":"e"}""",
        """{"method":"emit","event":7,"data":[]}""",
        """{"method":"emit","event":"e","data":[],"room":{}}""",
        """{"method":"emit","event":"e","data":[],"room":[]}""",
        """{"method":"emit","event":"e","data":[],"callback":["s"]}""",
        """{"method":"emit","event":"e","data":[{"_placeholder":true,"num":0}],"binary":false}""",
        """{"method":"emit","event":"e","data":[[{"_placeholder":true,"num":5}],"AQI="],"binary":true}""",
        """{"method":"emit","event":"e","data":[[],"not base64"],"binary":true}""",
        """{"method":"enter_room","sid":{},"room":"r"}""",
        """{"method":"close_room"}""",
        """{"method":"disconnect","sid":null}""");

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static (string Name, byte[] Bytes)[] Texts(params string[] all) => [.. all.Select(static text => (text, Text(text)))];
}
