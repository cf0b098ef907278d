using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.Hosting;

/// <summary>Which headers go from a client to the server that has its session, and back.</summary>
internal sealed class ForwardHeaders
{
    /// <summary>The value of <see cref="ForwardHeader.Name"/> in a response: the signature of the request is not valid.</summary>
    public const string Refused = "refused";

    // RFC 9110, section 7.6.1: they belong to one connection. Expect is answered where the body is read.
    private static readonly string[] HopByHop =
    [
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization, HeaderNames.ProxyConnection, HeaderNames.TE,
        HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.Upgrade,
    ];

    private readonly HashSet<string> _notRequested;
    private readonly HashSet<string> _notAnswered = new([.. HopByHop, HeaderNames.Server, HeaderNames.Date, ForwardHeader.Name], StringComparer.OrdinalIgnoreCase);

    /// <param name="proxies">
    /// The settings of ASP.NET's forwarded headers. This server has evaluated them, and tells the result in a header that is signed. The other one must not
    /// evaluate what is left of them, which can come from the client.
    /// </param>
    public ForwardHeaders(IOptions<ForwardedHeadersOptions> proxies)
    {
        var names = proxies.Value;
        _notRequested = new(
            [
                .. HopByHop, HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.Expect, ForwardHeader.Name, "Forwarded",
                names.ForwardedForHeaderName, names.ForwardedHostHeaderName, names.ForwardedProtoHeaderName, names.ForwardedPrefixHeaderName,
                names.OriginalForHeaderName, names.OriginalHostHeaderName, names.OriginalProtoHeaderName, names.OriginalPrefixHeaderName,
            ],
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns true if the other server does not believe that this one has forwarded the request.</summary>
    public static bool IsRefusal(HttpResponseMessage response) => response.Headers.TryGetValues(ForwardHeader.Name, out var values) && values.Contains(Refused);

    public void CopyRequest(HttpContext context, HttpRequestMessage message, bool isWebSocket)
    {
        var headers = context.Request.Headers;
        // As the client sent it: routes, the origin check and the cookies of the other server depend on it.
        message.Headers.Host = headers.Host.ToString();
        foreach (var (name, values) in headers)
        {
            // HTTP/2 has pseudo headers, such as ":protocol".
            if (_notRequested.Contains(name) || name.StartsWith(':') || IsNamedBy(headers.Connection, name)) continue;
            // Several cookies are one header in HTTP/1.1.
            var isAdded = values.Count == 1
                ? message.Headers.TryAddWithoutValidation(name, values[0])
                : message.Headers.TryAddWithoutValidation(name, name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) ? [string.Join("; ", values!)] : values.ToArray());
            if (!isAdded) message.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        if (!isWebSocket) return;
        message.Headers.TryAddWithoutValidation(HeaderNames.Connection, "Upgrade");
        message.Headers.TryAddWithoutValidation(HeaderNames.Upgrade, "websocket");
        if (WebSocketHandshake.IsConnect(context)) message.Headers.TryAddWithoutValidation(HeaderNames.SecWebSocketKey, WebSocketHandshake.CreateKey());
    }

    /// <summary>Copies status and headers. They are not sent yet.</summary>
    public void CopyResponse(HttpResponseMessage response, HttpContext context)
    {
        if (response.StatusCode != System.Net.HttpStatusCode.SwitchingProtocols) context.Response.StatusCode = (int)response.StatusCode;
        // The CORS policy of this server has decided, and its middleware writes the result when the response starts.
        var isCorsApplied = ObservedCors.ResultOf(context) is not null;
        var headers = context.Response.Headers;
        foreach (var (name, values) in response.Headers.NonValidated) Copy(name, values);
        foreach (var (name, values) in response.Content.Headers.NonValidated) Copy(name, values);
        // The rest of a body that is too large is not read.
        if (response.StatusCode == System.Net.HttpStatusCode.RequestEntityTooLarge) headers.Connection = "close";

        void Copy(string name, System.Net.Http.Headers.HeaderStringValues values)
        {
            if (_notAnswered.Contains(name) || isCorsApplied && name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)) return;
            var copied = new StringValues([.. values]);
            if (name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase)) headers.Append(name, copied);
            else if (name.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase)) AddVary(headers, copied, isCorsApplied);
            else headers[name] = copied;
        }
    }

    // Both servers may add the same names. The CORS middleware adds Origin later.
    private static void AddVary(IHeaderDictionary headers, StringValues values, bool isCorsApplied)
    {
        var present = headers.GetCommaSeparatedValues(HeaderNames.Vary);
        foreach (var name in values.SelectMany(static value => value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (present.Contains(name, StringComparer.OrdinalIgnoreCase) || isCorsApplied && name.Equals(HeaderNames.Origin, StringComparison.OrdinalIgnoreCase)) continue;
            headers.Append(HeaderNames.Vary, name);
        }
    }

    private static bool IsNamedBy(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            // The two values that clients send name no header of theirs.
            if (value is null || value.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || value.Equals("close", StringComparison.OrdinalIgnoreCase)) continue;
            foreach (var part in value.AsSpan().Split(','))
            {
                if (value.AsSpan(part).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }
}
