using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>What the client said when it connected. A copy: the request itself may be long over.</summary>
public sealed class Handshake
{
    private readonly HandshakeRequest _request;
    private readonly string _namespaceQuery;
    private readonly byte[] _sentAuth;

    // Made when they are asked for: most programs never do, and every connection would pay.
    private IQueryCollection? _query;
    private IHeaderDictionary? _headers;
    private object? _auth;

    internal Handshake(HandshakeRequest request, string namespaceQuery, byte[] auth)
    {
        _request = request;
        _namespaceQuery = namespaceQuery;
        _sentAuth = auth;
    }

    /// <summary>Of what the client sent to connect.</summary>
    internal int AuthBytes => _sentAuth.Length;

    /// <summary>The remote address; behind a proxy that of the client where ASP.NET's forwarded headers are used, else the proxy's.</summary>
    public string Address => _request.Address?.ToString() ?? "";

    /// <summary>Path and query of the first request.</summary>
    public string Url => _request.Url;

    /// <summary>The first request came over TLS.</summary>
    public bool IsSecure => _request.IsSecure;

    /// <summary>When the connection was opened.</summary>
    public DateTimeOffset Time => _request.Time;

    /// <summary>The query of the first request and, of clients 1.x and 2.x, that of the namespace (<c>/chat?token=1</c>), which wins.</summary>
    public IQueryCollection Query => _query ??= Merge(_request.QueryString, _namespaceQuery);

    /// <summary>The headers of the first request. A copy: changing it changes nothing.</summary>
    public IHeaderDictionary Headers => _headers ??= _request.CreateHeaders();

    /// <summary>
    /// The auth object of a 3.x or 4.x client; for clients 1.x and 2.x the query of the namespace as an object of strings.
    /// <see cref="JsonValueKind.Undefined"/> when the client sent none.
    /// </summary>
    public JsonElement Auth => (JsonElement)(_auth ??= ReadAuth(_sentAuth, _namespaceQuery));

    private static QueryCollection Merge(QueryString first, string second)
    {
        var query = QueryHelpers.ParseQuery(first.Value);
        foreach (var (name, value) in QueryHelpers.ParseQuery(second)) query[name] = value;
        return new QueryCollection(query);
    }

    private static JsonElement ReadAuth(byte[] auth, string namespaceQuery)
    {
        if (auth.Length == 0 && namespaceQuery.Length == 0) return default;
        if (auth.Length == 0)
        {
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                foreach (var (name, value) in QueryHelpers.ParseQuery(namespaceQuery)) writer.WriteString(name, Last(value));
                writer.WriteEndObject();
            }

            auth = buffer.ToArray();
        }

        // How deep it may be was judged when it came.
        var reader = new Utf8JsonReader(auth, new JsonReaderOptions { MaxDepth = int.MaxValue });
        return JsonElement.ParseValue(ref reader);
    }

    private static string Last(StringValues values) => values.Count == 0 ? "" : values[^1] ?? "";
}
