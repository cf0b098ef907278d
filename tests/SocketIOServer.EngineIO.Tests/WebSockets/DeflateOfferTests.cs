namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>Which offers of permessage-deflate are taken, and the answer. RFC 7692, section 7.1.</summary>
public sealed class DeflateOfferTests : EngineTests
{
    private const string Plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private const string WithWindow = Plain + "; server_max_window_bits=15";

    [Theory]
    [InlineData("permessage-deflate", Plain)]
    [InlineData("permessage-deflate; client_max_window_bits", Plain)]
    [InlineData("permessage-deflate; client_max_window_bits=10", Plain)]
    [InlineData("permessage-deflate; server_no_context_takeover; client_no_context_takeover", Plain)]
    // What is asked for by name must be in the answer.
    [InlineData("permessage-deflate; server_max_window_bits=15", WithWindow)]
    [InlineData("permessage-deflate;server_max_window_bits = \"15\" ;client_max_window_bits", WithWindow)]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate; client_max_window_bits", Plain)]
    [InlineData("permessage-deflate; server_max_window_bits=10; client_max_window_bits, permessage-deflate; server_max_window_bits=15", WithWindow)]
    [InlineData("x-webkit-deflate-frame, permessage-deflate", Plain)]
    [InlineData(" , Permessage-Deflate", Plain)]
    // Declined: a window that we do not have, and what the RFC says to decline.
    [InlineData("permessage-deflate; server_max_window_bits=14", null)]
    [InlineData("permessage-deflate; server_max_window_bits", null)]
    [InlineData("permessage-deflate; server_max_window_bits=015", null)]
    [InlineData("permessage-deflate; server_max_window_bits=16", null)]
    [InlineData("permessage-deflate; client_max_window_bits=7", null)]
    [InlineData("permessage-deflate; client_max_window_bits=16", null)]
    [InlineData("permessage-deflate; client_max_window_bits=", null)]
    [InlineData("permessage-deflate; client_max_window_bits=08", null)]
    [InlineData("permessage-deflate; client_no_context_takeover=1", null)]
    [InlineData("permessage-deflate; server_no_context_takeover; server_no_context_takeover", null)]
    [InlineData("permessage-deflate; server_max_window_bits=15; server_max_window_bits=15", null)]
    [InlineData("permessage-deflate; unknown", null)]
    [InlineData("permessage-deflate;", null)]
    [InlineData("x-webkit-deflate-frame", null)]
    [InlineData("", null)]
    public async Task The_first_offer_that_can_be_kept_is_taken(string offer, string? answer)
    {
        var host = await StartAsync(options => options.WebSocketCompression = true);
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);

        await raw.SendAsync(RawWebSocket.Request(EngineWebSocket.Target, $"Sec-WebSocket-Extensions: {offer}\r\n"));
        var head = await raw.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Equal(answer, head.Split("\r\n").SingleOrDefault(line => line.StartsWith("Sec-WebSocket-Extensions: ", StringComparison.Ordinal))?["Sec-WebSocket-Extensions: ".Length..]);
    }
}
