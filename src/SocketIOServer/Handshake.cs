using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using SocketIOServer.EngineIO;

namespace SocketIOServer;

/// <summary>
/// What the client sent when it connected. It is a copy, because the request might have ended long ago. The server creates it; tests and adapters can create one too.
/// </summary>
public sealed class Handshake
{
    private readonly HandshakeRequest? _request;
    private readonly string _namespaceQuery = "";
    private readonly byte[] _sentAuth = [];
    private readonly GivenValues? _given;

    // Created on first use, because most applications never use them and every connection would need the memory.
    private IQueryCollection? _query;
    private IHeaderDictionary? _headers;
    private object? _auth;

    /// <summary>Creates a handshake without a request. Properties that are not set are empty.</summary>
    /// <example><code>new Handshake { Auth = JsonSerializer.SerializeToElement(new { token = "secret" }) }</code></example>
    public Handshake()
    {
    }

    internal Handshake(HandshakeRequest request, string namespaceQuery, byte[] auth)
    {
        _request = request;
        _namespaceQuery = namespaceQuery;
        _sentAuth = auth;
    }

    /// <summary>The remote address. Behind a proxy: that of the client if the program uses ASP.NET Core's forwarded headers, otherwise that of the proxy.</summary>
    public string Address { get => _given?.Address ?? _request?.Address?.ToString() ?? ""; init => (_given ??= new()).Address = value; }

    /// <summary>The path and query of the first request.</summary>
    public string Url { get => _given?.Url ?? _request?.Url ?? ""; init => (_given ??= new()).Url = value; }

    /// <summary>Whether the first request used TLS.</summary>
    public bool IsSecure { get => _given?.IsSecure ?? _request?.IsSecure ?? false; init => (_given ??= new()).IsSecure = value; }

    /// <summary>When the connection was opened.</summary>
    public DateTimeOffset Time { get => _given?.Time ?? _request?.Time ?? default; init => (_given ??= new()).Time = value; }

    /// <summary>The query of the first request. For clients 1.x and 2.x also the query of the namespace (<c>/chat?token=1</c>), which wins.</summary>
    public IQueryCollection Query { get => _query ??= Merge(_request?.QueryString ?? default, _namespaceQuery); init => _query = value; }

    /// <summary>The headers of the first request. Changes to this copy have no other effect.</summary>
    public IHeaderDictionary Headers { get => _headers ??= _request?.CreateHeaders() ?? new HeaderDictionary(); init => _headers = value; }

    /// <summary>
    /// The <c>auth</c> object of a 3.x or 4.x client. For clients 1.x and 2.x, the query of the namespace as an object of strings.
    /// <see cref="JsonValueKind.Undefined"/> if the client sent none.
    /// </summary>
    public JsonElement Auth { get => (JsonElement)(_auth ??= ReadAuth(_sentAuth, _namespaceQuery)); init => _auth = value; }

    /// <summary>The same without auth and without the headers that authenticate a client.</summary>
    internal Handshake WithoutCredentials()
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in Headers)
        {
            if (!IsCredential(name)) headers[name] = value;
        }

        return new() { Address = Address, Url = Url, IsSecure = IsSecure, Time = Time, Query = Query, Headers = headers, Auth = default };

        static bool IsCredential(string name) =>
            name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Authorization", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Creates the handshake of a client of another server.</summary>
    internal static Handshake Of(
        string address, string url, bool isSecure, DateTimeOffset time, IEnumerable<KeyValuePair<string, string>> query, IEnumerable<KeyValuePair<string, string>> headers, JsonElement auth)
    {
        var values = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in query) values[name] = value;
        var fields = new HeaderDictionary();
        foreach (var (name, value) in headers) fields[name] = value;
        return new() { Address = address, Url = url, IsSecure = isSecure, Time = time, Query = new QueryCollection(values), Headers = fields, Auth = auth };
    }

    /// <summary>The size of the auth that the client sent.</summary>
    internal int AuthBytes => _sentAuth.Length;

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

        // The depth was checked when the packet was received.
        var reader = new Utf8JsonReader(auth, new JsonReaderOptions { MaxDepth = int.MaxValue });
        return JsonElement.ParseValue(ref reader);
    }

    private static string Last(StringValues values) => values.Count == 0 ? "" : values[^1] ?? "";

    // A separate object, so that the handshakes of connections of this server do not need its memory.
    private sealed class GivenValues
    {
        public string? Address { get; set; }

        public string? Url { get; set; }

        public bool? IsSecure { get; set; }

        public DateTimeOffset? Time { get; set; }
    }
}
