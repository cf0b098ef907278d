using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The query parameters of Engine.IO, read as URLSearchParams reads them: names are case-sensitive, and the last of several values counts. (ASP.NET Core's own
/// collection ignores case and joins several values.)
/// </summary>
internal readonly struct EngineQuery
{
    public string Protocol { get; private init; }

    public string Transport { get; private init; }

    public string? Sid { get; private init; }

    /// <summary>The index of the JSONP callback.</summary>
    public string? Jsonp { get; private init; }

    public bool Base64 { get; private init; }

    public string CacheBuster { get; private init; }

    public static EngineQuery Parse(QueryString query)
    {
        string protocol = "", transport = "", cacheBuster = "";
        string? sid = null, jsonp = null;
        var base64 = false;
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            switch (pair.EncodedName.Span)
            {
                case "EIO": protocol = Text(pair); break;
                case "transport": transport = Text(pair); break;
                case "sid": sid = Text(pair); break;
                case "j": jsonp = Text(pair); break;
                case "b64": base64 = pair.EncodedValue.Span.Length > 0; break;
                case "t": cacheBuster = Text(pair); break;
            }
        }

        return new()
        {
            Protocol = protocol,
            Transport = transport,
            Sid = string.IsNullOrEmpty(sid) ? null : sid,
            Jsonp = jsonp,
            Base64 = base64,
            CacheBuster = cacheBuster,
        };
    }

    // The values that every request has need no new string.
    private static string Text(in QueryStringEnumerable.EncodedNameValuePair pair) => pair.EncodedValue.Span switch
    {
        "polling" => "polling",
        "websocket" => "websocket",
        _ => pair.DecodeValue().ToString(),
    };
}
