namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>What two servers of @socket.io/redis-adapter 8.3.0 (createAdapter) and @socket.io/redis-emitter 5.1.0 publish, captured.</summary>
internal static class CapturedClassic
{
    private const string Request = "socket.io-request#/#";
    private const string Response = "socket.io-response#/#";

    /// <summary>Channel and text.</summary>
    public static (string Channel, string Text)[] Json { get; } =
    [
        (Request, """{"uid":"D5r7UP","requestId":"UcmS90","type":5,"opts":{"rooms":["room1"],"except":[]}}"""),
        (Response, """{"requestId":"UcmS90","sockets":[{"id":"OdG35ZuJxBCYyum9AAAA","handshake":{"headers":{"sec-websocket-version":"13","sec-websocket-key":"jrh0O9X1SfkclALHFvjcCA==","connection":"Upgrade","upgrade":"websocket","sec-websocket-extensions":"permessage-deflate; client_max_window_bits","host":"127.0.0.1:44071"},"time":"Sat Nov 21 2026 04:29:28 GMT+0000 (Coordinated Universal Time)","address":"::ffff:127.0.0.1","xdomain":false,"secure":false,"issued":1795235368177,"url":"/socket.io/?EIO=4&transport=websocket","query":{"EIO":"4","transport":"websocket"},"auth":{"t":1}},"rooms":["OdG35ZuJxBCYyum9AAAA","room1"],"data":{}}]}"""),
        (Request, """{"uid":"D5r7UP","type":2,"opts":{"rooms":["room1"],"except":[]},"rooms":["r9"]}"""),
        (Request, """{"uid":"D5r7UP","type":3,"opts":{"rooms":[],"except":[]},"rooms":["r9","r8"]}"""),
        (Request, """{"uid":"D5r7UP","type":6,"data":["ping2",1]}"""),
        (Request, """{"uid":"D5r7UP","requestId":"zYpBLi","type":6,"data":["ping2",1]}"""),
        (Response, """{"type":6,"requestId":"zYpBLi","data":"pong-from-0"}"""),
        (Request, """{"uid":"D5r7UP","requestId":"9mGggq","type":1}"""),
        (Response, """{"requestId":"9mGggq","rooms":["OdG35ZuJxBCYyum9AAAA","room1"]}"""),
        (Response, """{"type":8,"requestId":"3IotgA","clientCount":1}"""),
        (Request, """{"uid":"D5r7UP","type":4,"opts":{"rooms":[],"except":[]},"close":true}"""),
        (Request, """{"uid":"emitter","type":6,"data":["ping2",5]}"""),
    ];

    /// <summary>Channel and MessagePack.</summary>
    public static (string Channel, string Hex)[] MessagePack { get; } =
    [
        ("socket.io#/#", "93a644357237555083a47479706502a46461746193a268690181a161a2c3a9a36e7370a12f83a5726f6f6d7390a665786365707490a5666c61677380"),
        ("socket.io#/#room1#", "93a644357237555083a47479706502a46461746191a26869a36e7370a12f83a5726f6f6d7391a5726f6f6d31a665786365707490a5666c61677380"),
        ("socket.io#/#", "93a644357237555083a47479706502a46461746192a26869c4020102a36e7370a12f83a5726f6f6d7392a5726f6f6d31a5726f6f6d32a665786365707491a178a5666c61677382a8766f6c6174696c65c3a8636f6d7072657373c2"),
        (Request, "85a3756964a6443572375550a9726571756573744964a633496f746741a47479706507a67061636b657483a47479706502a46461746192a17107a36e7370a12fa46f70747383a5726f6f6d7390a665786365707490a5666c61677381a774696d656f7574cd03e8"),
        (Response, "83a47479706509a9726571756573744964a633496f746741a67061636b6574a561636b2d37"),
    ];

    /// <summary>The other messages of the emitter: to all, to one room without another, to two rooms, to another namespace, and changes.</summary>
    public static (string Channel, byte[] Bytes)[] EmitterMore { get; } =
    [
        ("socket.io#/#", Convert.FromHexString("93a7656d697474657283a47479706502a46461746192a2686901a36e7370a12f83a5726f6f6d7390a5666c61677380a665786365707490")),
        ("socket.io#/#room1#", Convert.FromHexString("93a7656d697474657283a47479706502a46461746192a26869c40101a36e7370a12f83a5726f6f6d7391a5726f6f6d31a5666c61677382a8766f6c6174696c65c3a8636f6d7072657373c2a665786365707491a27232")),
        ("socket.io#/#", Convert.FromHexString("93a7656d697474657283a47479706502a46461746191a374776fa36e7370a12f83a5726f6f6d7392a161a162a5666c61677380a665786365707490")),
        ("socket.io#/chat#", Convert.FromHexString("93a7656d697474657283a47479706502a46461746191a26869a36e7370a52f6368617483a5726f6f6d7390a5666c61677380a665786365707490")),
        ("socket.io-request#/#", """{"type":3,"opts":{"rooms":["room1"],"except":[]},"rooms":["z"]}"""u8.ToArray()),
        ("socket.io-request#/#", """{"type":4,"opts":{"rooms":["room1"],"except":[]},"close":true}"""u8.ToArray()),
        ("socket.io-request#/chat#", """{"uid":"emitter","type":6,"data":["x",1]}"""u8.ToArray()),
    ];

    /// <summary>What the emitter writes otherwise than we do: flags before except, and no uid.</summary>
    public static (string Channel, byte[] Bytes)[] Emitter { get; } =
    [
        ("socket.io#/#room1#", Convert.FromHexString("93a7656d697474657283a47479706502a46461746192ac66726f6d2d656d697474657201a36e7370a12f83a5726f6f6d7391a5726f6f6d31a5666c61677380a665786365707490")),
        (Request, """{"type":2,"opts":{"rooms":["room1"],"except":[]},"rooms":["zz"]}"""u8.ToArray()),
        (Request, """{"type":3,"opts":{"rooms":["room1"],"except":[]},"rooms":["z"]}"""u8.ToArray()),
        (Request, """{"type":4,"opts":{"rooms":["room1"],"except":[]},"close":true}"""u8.ToArray()),
    ];
}
