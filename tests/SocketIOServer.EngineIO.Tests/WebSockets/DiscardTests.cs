using System.Diagnostics.Tracing;
using static Testkit.RawWebSocket;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>ATTACKS A3: what a client sends after its session was closed is read and dropped, and no memory is taken for it.</summary>
public sealed class DiscardTests
{
    // Rented by nobody else here: 17 MB want an array of 32.
    private const int Bytes = 17 << 20;
    private const int Rented = 32 << 20;

    [Fact]
    public async Task A3_The_frames_behind_a_refused_packet_are_not_kept()
    {
        using var rents = new Rents();
        await using var host = await EngineHost.StartAsync(
            options => options.MaxPayload = 2 * Bytes,
            (client, _) =>
            {
                client.Session.Close(CloseReason.Refused);
                return default;
            });
        await using var socket = await EngineWebSocket.OpenAsync(host);

        // The refused packet, a message behind it, and at last the client's answer to the close.
        var frame = Frame(0x82, new byte[Bytes]);
        await socket.Raw.SendAsync([.. Frame(0x81, "4refused"), .. frame[..^1000]]);
        await socket.Raw.SendAsync([.. frame[^1000..], .. Frame(0x88, [0x03, 0xe8])]);

        Assert.Equal("88 1000", await socket.ReadAsync());
        Assert.Equal("", await socket.Raw.ReadToEndAsync());
        Assert.DoesNotContain(Rented, rents.Sizes);
    }

    [Fact]
    public async Task A_message_that_is_on_its_way_when_its_session_ends_is_dropped()
    {
        await using var host = await EngineHost.StartAsync();
        await using var socket = await EngineWebSocket.OpenAsync(host);
        await socket.SendAsync(Frame(0x81, "4echo"), Frame(0x01, "4be"));
        Assert.Equal("81 4echo", await socket.ReadAsync());

        host.Single().Session.Close(CloseReason.ForcedClose);
        Assert.Equal("88 1000", await socket.ReadAsync());
        await socket.SendAsync(Frame(0x00, "gun"), Frame(0x80, " and ended"), Frame(0x81, "4more"), Frame(0x88, [0x03, 0xe8]));

        Assert.Equal("", await socket.Raw.ReadToEndAsync());
        Assert.Equal(["echo"], host.Single().Received);
    }

    private sealed class Rents : EventListener
    {
        private readonly HashSet<int> _sizes = [];

        public IReadOnlyCollection<int> Sizes
        {
            get
            {
                lock (_sizes) return [.. _sizes];
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Buffers.ArrayPoolEventSource") EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName != "BufferRented" || _sizes is null) return;
            lock (_sizes) _sizes.Add((int)eventData.Payload![1]!);
        }
    }
}
