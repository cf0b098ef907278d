using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>The opening handshake of a WebSocket: RFC 6455, section 4.2, and RFC 8441 over HTTP/2.</summary>
internal static class WebSocketHandshake
{
    private const string WebSocket = "websocket";
    private const string Version = "13";
    private const int KeyBytes = 16;

    /// <summary>Returns true if the request asks for a WebSocket in a form that the server can accept.</summary>
    public static bool IsRequest(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return Is(connect.Protocol, WebSocket) && headers.SecWebSocketVersion == Version;
        // RFC 6455 requires "HTTP/1.1 or higher". A server that also serves HTTP/1.0 might not have checked that.
        return context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && HttpProtocol.IsHttp11(context.Request.Protocol)
            && HttpMethods.IsGet(context.Request.Method)
            && headers.SecWebSocketVersion == Version
            && Has(headers.Connection, "Upgrade")
            && Has(headers.Upgrade, WebSocket)
            && IsKey(headers.SecWebSocketKey);
    }

    /// <summary>Accepts the request. Throws if the connection has ended.</summary>
    public static async Task<WebSocketLink> AcceptAsync(HttpContext context, EngineOptions options)
    {
        var headers = context.Response.Headers;
        var extension = options.WebSocketCompression ? DeflateOffer.Accept(context.Request.Headers.SecWebSocketExtensions) : null;
        var isCompressed = extension is not null;
        if (isCompressed) headers.SecWebSocketExtensions = extension;
        // A browser ends the connection if the server selects none of the protocols that the page offers. They have no meaning here.
        if (Subprotocol.First(context.Request.Headers.SecWebSocketProtocol) is { } protocol) headers.SecWebSocketProtocol = protocol;
        if (!IsConnect(context)) headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        var (input, output) = await OpenAsync(context);
        return new(input, output, context.Features.Get<IConnectionSchedulerFeature>()?.Scheduler ?? PipeScheduler.Inline, context.TryAbort, options, isCompressed);
    }

    /// <summary>Returns true for a WebSocket over HTTP/2 (RFC 8441). It has neither a key nor an answer to the key.</summary>
    public static bool IsConnect(HttpContext context) => context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>Returns a random key, for a request that has none.</summary>
    public static string CreateKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Sends the response to the opening handshake, whose headers are set, and returns both directions of the connection. Throws if it has ended.</summary>
    public static async Task<(PipeReader Input, PipeWriter Output)> OpenAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            return Over(await connect.AcceptAsync());
        }

        var headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = WebSocket;
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        // Uses the connection's own pipe if the server provides it, as Kestrel does. Frames are then read in place, and an idle connection has no buffer. After
        // the 101 response, HTTP no longer uses the pipe.
        return context.Features.Get<IConnectionTransportFeature>()?.Transport is { } transport ? (transport.Input, transport.Output) : Over(stream);
    }

    private static (PipeReader Input, PipeWriter Output) Over(Stream stream) =>
        (PipeReader.Create(stream, new(useZeroByteReads: true)), PipeWriter.Create(stream));

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455, section 1.3, asks for SHA-1; nothing secret depends on it.")]
    private static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    private static bool IsKey(StringValues key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 2];
        return key is [{ Length: 24 } text] && Convert.TryFromBase64String(text, bytes, out var count) && count == KeyBytes;
    }

    private static bool Has(StringValues header, string token)
    {
        foreach (var value in header)
        {
            foreach (var part in value.AsSpan().Split(','))
            {
                if (Is(value.AsSpan(part).Trim(), token)) return true;
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> text, string token) => text.Equals(token, StringComparison.OrdinalIgnoreCase);
}
