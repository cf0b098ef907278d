namespace SocketIOServer.Cluster.Tests.Wires;

/// <summary>What two servers of @socket.io/postgres-adapter 0.5.0 and @socket.io/postgres-emitter 0.1.1 publish, captured.</summary>
internal static class CapturedPostgres
{
    /// <summary>The text of notifications.</summary>
    public static string[] Json { get; } =
    [
        """{"type":1,"uid":"66a35508a11269bc","nsp":"/"}""",
        """{"type":2,"uid":"86a200b053682158","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"type":2,"data":["hi",1,{"a":"é"}]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"type":2,"data":["hi"]},"opts":{"rooms":["room1"],"except":[],"flags":{}}},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":3,"data":{"packet":{"type":2,"data":["q",7]},"requestId":"9c5314d2ef542a43","opts":{"rooms":[],"except":[],"flags":{"timeout":1000}}},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":11,"data":{"requestId":"9c5314d2ef542a43","clientCount":1},"uid":"86a200b053682158","nsp":"/"}""",
        """{"type":12,"data":{"requestId":"9c5314d2ef542a43","packet":"ack-7"},"uid":"86a200b053682158","nsp":"/"}""",
        """{"type":7,"data":{"opts":{"rooms":["room1"],"except":[],"flags":{}},"requestId":"95cb42a725b543fd"},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":4,"data":{"opts":{"rooms":["room1"],"except":[],"flags":{}},"rooms":["r9"]},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":5,"data":{"opts":{"rooms":[],"except":[],"flags":{}},"rooms":["r9","r8"]},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":9,"data":{"packet":["ping2",1]},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":9,"data":{"requestId":"1430dc4b83c57407","packet":["ping2",1]},"uid":"5e5b23ce595cde37","nsp":"/"}""",
        """{"type":10,"data":{"requestId":"1430dc4b83c57407","packet":"pong-from-A"},"uid":"86a200b053682158","nsp":"/"}""",
    ];

    /// <summary>What the emitter publishes: no namespace on top.</summary>
    public static string[] Emitter { get; } =
    [
        """{"type":3,"data":{"packet":{"type":2,"data":["from-emitter",1],"nsp":"/"},"opts":{"rooms":["room1"],"flags":{},"except":[]}},"uid":"emitter"}""",
        """{"type":4,"data":{"opts":{"rooms":["room1"],"except":[]},"rooms":["zz"]},"uid":"emitter"}""",
        """{"type":9,"data":{"packet":["ping2",5]},"uid":"emitter"}""",
    ];

    /// <summary>The notification and the row of <c>io.to(["room1","room2"]).except("x").volatile.compress(false).emit("hi", Buffer.from([1, 2]))</c>.</summary>
    public const string Head = """{"uid":"5e5b23ce595cde37","type":3""";

    public const string Attachment =
        "84a47479706503a46461746182a67061636b657482a47479706502a46461746192a26869c4020102a46f70747383a5726f6f6d7392a5726f6f6d31a5726f6f6d32a6657863657074"
        + "91a178a5666c61677382a8766f6c6174696c65c3a8636f6d7072657373c2a3756964b035653562323363653539356364653337a36e7370a12f";

    /// <summary>The row of the emitter's <c>emit("bin", Buffer.from([1]))</c>.</summary>
    public const string EmitterAttachment =
        "83a47479706503a46461746182a67061636b657483a47479706502a46461746192a362696ec40101a36e7370a12fa46f70747383a5726f6f6d7390a5666c61677380a6657863657074"
        + "90a3756964a7656d6974746572";
}
