using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The query parameters of Engine.IO, as URLSearchParams reads them: names are case-sensitive and of a name that comes
/// twice the last counts. (ASP.NET's own collection folds case and joins doubles.)
/// </summary>
internal readonly struct EngineQuery
{
    public string Protocol { get; private init; }

    public string Transport { get; private init; }

    public string? Sid { get; private init; }

    /// <summary>The callback index of JSONP.</summary>
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

    // What every request says, without a string for it.
    private static string Text(in QueryStringEnumerable.EncodedNameValuePair pair) => pair.EncodedValue.Span switch
    {
        "polling" => "polling",
        "websocket" => "websocket",
        _ => pair.DecodeValue().ToString(),
    };
}
