namespace SocketIOServer.ThirdParty.Tests;

/// <summary>A parser that throws, or returns what it must not, harms one connection or one caller and nobody else.</summary>
public sealed class FaultyParserTests
{
    [Theory]
    [InlineData("throw")]
    [InlineData("default")]
    [InlineData("unknown")]
    public async Task A_decoder_that_fails_ends_its_own_connection(string fault)
    {
        await using var host = await StartAsync(new FaultyParser { OnAdd = fault });
        await using var witness = await SocketClient.JoinAsync(host);
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""42["fail"]""");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("431[]", await witness.AskAsync("""421["ping"]"""));
        Assert.Equal(fault == "unknown" ? 0 : 1, host.Log.Errors.Count(line => line.Id.Id == 22));
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("null")]
    public async Task A_decoder_that_cannot_be_made_ends_its_own_connection(string fault)
    {
        await using var host = await StartAsync(new FaultyParser { OnCreate = fault });
        await using var client = await SocketClient.ConnectAsync(host);

        await client.SendAsync("40");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Single(host.Log.Errors, line => line.Id.Id == 22);
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("null")]
    public async Task A_connect_packet_that_cannot_be_written_is_not_sent(string fault)
    {
        await using var host = await StartAsync(new FaultyParser { OnWrite = (SocketPacketType.Connect, fault) });
        await using var client = await SocketClient.ConnectAsync(host);

        // The noop of Engine.IO, which clients ignore.
        Assert.Equal("6", await client.AskAsync("40"));
        Assert.Equal("431[]", await client.AskAsync("""421["ping"]"""));
        Assert.Single(host.Log.Errors, line => line.Id.Id == 22);
    }

    [Fact]
    public async Task A_socket_leaves_though_its_disconnect_packet_cannot_be_written()
    {
        var left = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(
            new FaultyParser { OnWrite = (SocketPacketType.Disconnect, "throw") },
            io => io.On("go", (ISocket socket) => socket.DisconnectAsync()).OnDisconnected((LeaveReason why) => left.SetResult(why.Text)));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("6", await client.AskAsync("""42["go"]"""));

        Assert.Equal("server namespace disconnect", await left.Task.Soon());
    }

    [Theory]
    [InlineData("throw", "mine")]
    [InlineData("null", "returned null from Write")]
    public async Task Who_emits_gets_the_exception_and_the_ack_tells_of_a_failure(string fault, string message)
    {
        var caught = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(
            new FaultyParser { OnWrite = (SocketPacketType.Event, fault) },
            io => io.On("emit", async (ISocket socket) =>
            {
                try
                {
                    await socket.EmitAsync("news", 1);
                }
                catch (InvalidOperationException e)
                {
                    caught.SetResult(e.Message);
                    throw;
                }
            }));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""431[{"error":"failed"}]""", await client.AskAsync("""421["emit"]"""));

        Assert.Contains(message, await caught.Task.Soon(), StringComparison.Ordinal);
        Assert.Equal("431[]", await client.AskAsync("""421["ping"]"""));
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("null")]
    public async Task A_call_that_cannot_be_written_expects_no_ack(string fault)
    {
        var parser = new FaultyParser { OnWrite = (SocketPacketType.Event, fault) };
        var sockets = new TaskCompletionSource<ISocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(parser, io => io.OnConnected((ISocket socket) => sockets.SetResult(socket)), options => options.MaxPendingAcks = 2);
        await using var client = await SocketClient.JoinAsync(host);
        var socket = await sockets.Task.Soon();

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => socket.CallAsync<int>("ask"));
            Assert.DoesNotContain(nameof(SocketServerOptions.MaxPendingAcks), error.Message, StringComparison.Ordinal);
        }
    }

    private static Task<TestHost> StartAsync(PacketParser parser, Action<SocketEndpointBuilder>? map = null, Action<SocketServerOptions>? change = null) => TestHost.StartAsync(
        io =>
        {
            io.On("ping", () => { });
            map?.Invoke(io);
        },
        options =>
        {
            options.Parser = parser;
            options.AckErrors = true;
            change?.Invoke(options);
        });

    private sealed class FaultyParser : PacketParser
    {
        public string? OnAdd { get; init; }

        public string? OnCreate { get; init; }

        public (SocketPacketType Type, string? Fault) OnWrite { get; init; }

        public override PacketDecoder CreateDecoder(PacketLimits limits) => OnCreate switch
        {
            "throw" => throw new InvalidOperationException("mine"),
            "null" => null!,
            _ => new FaultyDecoder(limits, OnAdd),
        };

        public override OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json, byte[][] attachments)
        {
            if (OnWrite.Fault is null || OnWrite.Type != type) return Json.Write(type, @namespace, id, json, attachments);
            return OnWrite.Fault == "throw" ? throw new InvalidOperationException("mine") : null!;
        }
    }

    private sealed class FaultyDecoder(PacketLimits limits, string? fault) : PacketDecoder(limits)
    {
        private readonly PacketDecoder _inner = PacketParser.Json.CreateDecoder(limits);

        public override DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet)
        {
            packet = default;
            if (data.Span.IndexOf("fail"u8) < 0) return _inner.Add(data, isBinary, out packet);
            return fault switch
            {
                "throw" => throw new InvalidOperationException("mine"),
                "default" => DecodeResult.Complete,
                _ => (DecodeResult)7,
            };
        }
    }
}
