namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>What two servers of @socket.io/redis-adapter 8.3.0 (sharded) publish, captured.</summary>
internal static class Captured
{
    /// <summary>Without binary: JSON.</summary>
    public static string[] Json { get; } =
    [
        """"{"type":3,"data":{"packet":{"type":2,"data":["hi",1,{"a":"é"}]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":3,"data":{"packet":{"type":2,"data":["hi"]},"opts":{"rooms":["room1"],"except":[],"flags":{}}},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":3,"data":{"packet":{"type":2,"data":["q",7]},"requestId":"06f748fc7fdb5eed","opts":{"rooms":[],"except":[],"flags":{"timeout":1000}}},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":11,"data":{"requestId":"06f748fc7fdb5eed","clientCount":1},"uid":"cfc7b6d8ac39fb93","nsp":"/"}"""",
        """"{"type":12,"data":{"requestId":"06f748fc7fdb5eed","packet":"ack-7"},"uid":"cfc7b6d8ac39fb93","nsp":"/"}"""",
        """"{"type":7,"data":{"opts":{"rooms":["room1"],"except":[],"flags":{}},"requestId":"4876e3bd8c7b4bcc"},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":8,"data":{"requestId":"4876e3bd8c7b4bcc","sockets":[{"id":"QDdz9lp0qyl9bsSNAAAA","handshake":{"headers":{"sec-websocket-version":"13","sec-websocket-key":"PdEbCUJCwuOYdNpooncn/g==","connection":"Upgrade","upgrade":"websocket","sec-websocket-extensions":"permessage-deflate; client_max_window_bits","host":"127.0.0.1:34859"},"time":"Sat Nov 21 2026 04:29:32 GMT+0000 (Coordinated Universal Time)","address":"::ffff:127.0.0.1","xdomain":false,"secure":false,"issued":1795235372528,"url":"/socket.io/?EIO=4&transport=websocket","query":{"EIO":"4","transport":"websocket"},"auth":{"t":1}},"rooms":["QDdz9lp0qyl9bsSNAAAA","room1"],"data":{}}]},"uid":"cfc7b6d8ac39fb93","nsp":"/"}"""",
        """"{"type":4,"data":{"opts":{"rooms":["room1"],"except":[],"flags":{}},"rooms":["r9"]},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":5,"data":{"opts":{"rooms":[],"except":[],"flags":{}},"rooms":["r9","r8"]},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":9,"data":{"packet":["ping2",1]},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":9,"data":{"requestId":"68ca2ae3ef0c2f6f","packet":["ping2",1]},"uid":"c72a8119b8363857","nsp":"/"}"""",
        """"{"type":10,"data":{"requestId":"68ca2ae3ef0c2f6f","packet":"pong-from-0"},"uid":"cfc7b6d8ac39fb93","nsp":"/"}"""",
        """"{"type":6,"data":{"opts":{"rooms":[],"except":[],"flags":{}},"close":true},"uid":"c72a8119b8363857","nsp":"/"}"""",
    ];

    /// <summary>Where events go with each subscriptionMode: the mode, the channel and the text.</summary>
    public static (RoomChannels Rooms, string Channel, string Text)[] ByMode { get; } =
    [
        (RoomChannels.Static, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["all"]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"2395e1917e999113","nsp":"/"}"""),
        (RoomChannels.Static, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["r"]},"opts":{"rooms":["room1"],"except":[],"flags":{}}},"uid":"2395e1917e999113","nsp":"/"}"""),
        (RoomChannels.Static, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["me"]},"opts":{"rooms":["5Ex8HMZkjxtRtyYZAAAA"],"except":[],"flags":{}}},"uid":"2395e1917e999113","nsp":"/"}"""),
        (RoomChannels.Static, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["x"]},"opts":{"rooms":["12345678901234567890"],"except":[],"flags":{}}},"uid":"2395e1917e999113","nsp":"/"}"""),
        (RoomChannels.Static, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["two"]},"opts":{"rooms":["room1","room2"],"except":[],"flags":{}}},"uid":"2395e1917e999113","nsp":"/"}"""),
        (RoomChannels.Static, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["n"]},"opts":{"rooms":["nobody"],"except":[],"flags":{}}},"uid":"2395e1917e999113","nsp":"/"}"""),
        (RoomChannels.Dynamic, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["all"]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"7bee718102caf8d6","nsp":"/"}"""),
        (RoomChannels.Dynamic, "socket.io#/#room1#", """{"type":3,"data":{"packet":{"type":2,"data":["r"]},"opts":{"rooms":["room1"],"except":[],"flags":{}}},"uid":"7bee718102caf8d6","nsp":"/"}"""),
        (RoomChannels.Dynamic, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["me"]},"opts":{"rooms":["-iBHVdeEEHO4yeEXAAAB"],"except":[],"flags":{}}},"uid":"7bee718102caf8d6","nsp":"/"}"""),
        (RoomChannels.Dynamic, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["x"]},"opts":{"rooms":["12345678901234567890"],"except":[],"flags":{}}},"uid":"7bee718102caf8d6","nsp":"/"}"""),
        (RoomChannels.Dynamic, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["two"]},"opts":{"rooms":["room1","room2"],"except":[],"flags":{}}},"uid":"7bee718102caf8d6","nsp":"/"}"""),
        (RoomChannels.Dynamic, "socket.io#/#nobody#", """{"type":3,"data":{"packet":{"type":2,"data":["n"]},"opts":{"rooms":["nobody"],"except":[],"flags":{}}},"uid":"7bee718102caf8d6","nsp":"/"}"""),
        (RoomChannels.DynamicPrivate, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["all"]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"0c8b7aa4461f0d26","nsp":"/"}"""),
        (RoomChannels.DynamicPrivate, "socket.io#/#room1#", """{"type":3,"data":{"packet":{"type":2,"data":["r"]},"opts":{"rooms":["room1"],"except":[],"flags":{}}},"uid":"0c8b7aa4461f0d26","nsp":"/"}"""),
        (RoomChannels.DynamicPrivate, "socket.io#/#pWpJjVQaMJpPbdlqAAAC#", """{"type":3,"data":{"packet":{"type":2,"data":["me"]},"opts":{"rooms":["pWpJjVQaMJpPbdlqAAAC"],"except":[],"flags":{}}},"uid":"0c8b7aa4461f0d26","nsp":"/"}"""),
        (RoomChannels.DynamicPrivate, "socket.io#/#12345678901234567890#", """{"type":3,"data":{"packet":{"type":2,"data":["x"]},"opts":{"rooms":["12345678901234567890"],"except":[],"flags":{}}},"uid":"0c8b7aa4461f0d26","nsp":"/"}"""),
        (RoomChannels.DynamicPrivate, "socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["two"]},"opts":{"rooms":["room1","room2"],"except":[],"flags":{}}},"uid":"0c8b7aa4461f0d26","nsp":"/"}"""),
        (RoomChannels.DynamicPrivate, "socket.io#/#nobody#", """{"type":3,"data":{"packet":{"type":2,"data":["n"]},"opts":{"rooms":["nobody"],"except":[],"flags":{}}},"uid":"0c8b7aa4461f0d26","nsp":"/"}"""),
    ];

    /// <summary><c>io.to(["room1","room2"]).except("x").volatile.compress(false).emit("hi", Buffer.from([1, 2]))</c>: MessagePack.</summary>
    public const string MessagePack =
        "84a47479706503a46461746182a67061636b657482a47479706502a46461746192a26869c4020102a46f70747383a5726f6f6d7392a5726f6f6d31a5726f6f6d32a6657863657074"
        + "91a178a5666c61677382a8766f6c6174696c65c3a8636f6d7072657373c2a3756964b063373261383131396238333633383537a36e7370a12f";
}
