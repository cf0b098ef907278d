using System.Buffers;
using System.Globalization;
using System.Net;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Compares the origin of a page with the address of a server by scheme, host and port (RFC 6454). The default port of a scheme can be omitted. A host can be
/// in Unicode or Punycode, in upper or lower case, and with a dot at its end.
/// </summary>
internal static class WebOrigin
{
    private static readonly IdnMapping Idn = new();

    // The "gen-delims" of RFC 3986, and the characters that begin an escape or end a name.
    private static readonly SearchValues<char> NotInHost = SearchValues.Create("/\\?#@ %");

    /// <summary>Returns true if both are the same origin. A text that is not an origin is treated as an empty text.</summary>
    public static bool IsSame(string origin, string scheme, string host) => Compare(origin, scheme, host) == OriginDifference.None;

    /// <summary>Returns the first difference between an origin and a server's scheme and Host header.</summary>
    public static OriginDifference Compare(string origin, string scheme, string host)
    {
        scheme = OfPages(scheme);
        var mark = origin.IndexOf("://", StringComparison.Ordinal);
        // Client 1.3 on Node sends "host:port" for its WebSocket. A page in a browser cannot do that.
        var originScheme = mark < 0 ? scheme : OfPages(origin[..mark]);
        var authority = mark < 0 ? origin : origin.AsSpan(mark + 3);
        // The PHP client sends the whole URL that it was given. A list of origins is not a URL.
        if (mark >= 0 && authority.IndexOf('/') is >= 0 and var path && !authority[path..].ContainsAny(',', ' ')) authority = authority[..path];
        if (!TryRead(authority, originScheme, out var pageHost, out var pagePort)) return OriginDifference.Host;
        if (!TryRead(host, scheme, out var ownHost, out var ownPort) || !IsSameHost(pageHost, ownHost)) return OriginDifference.Host;
        if (!originScheme.Equals(scheme, StringComparison.OrdinalIgnoreCase)) return OriginDifference.Scheme;
        return pagePort == ownPort ? OriginDifference.None : OriginDifference.Port;
    }

    /// <summary>
    /// Returns the scheme of a page that uses a server of this scheme. Traefik sets X-Forwarded-Proto to "wss" for a WebSocket and to "https" otherwise.
    /// Starscream, the WebSocket of the Swift client, sends the scheme of its URL in Origin. A page in a browser cannot do that.
    /// </summary>
    public static string OfPages(string scheme) =>
        scheme.Equals("wss", StringComparison.OrdinalIgnoreCase) ? "https" : scheme.Equals("ws", StringComparison.OrdinalIgnoreCase) ? "http" : scheme;

    /// <summary>Returns the origin of a page's URL, or an empty text if the URL has none.</summary>
    public static string Of(string url)
    {
        var mark = url.IndexOf("://", StringComparison.Ordinal);
        if (mark <= 0) return "";
        var end = url.AsSpan(mark + 3).IndexOfAny('/', '?', '#');
        return end < 0 ? url : url[..(mark + 3 + end)];
    }

    /// <summary>Returns true if the host of an origin or Host header is the local machine.</summary>
    public static bool IsLoopback(string originOrHost)
    {
        var mark = originOrHost.IndexOf("://", StringComparison.Ordinal);
        if (!TryRead(originOrHost.AsSpan(mark < 0 ? 0 : mark + 3), "http", out var host, out _)) return false;
        // RFC 6761, "localhost": the name itself and all names below it.
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || TryReadAddress(host, out var address) && IPAddress.IsLoopback(address);
    }

    private static bool TryRead(ReadOnlySpan<char> authority, ReadOnlySpan<char> scheme, out ReadOnlySpan<char> host, out int port)
    {
        port = PortOf(scheme);
        var end = authority.IndexOf('[') == 0 ? authority.IndexOf(']') + 1 : authority.IndexOf(':');
        host = end < 0 ? authority : authority[..end];
        var rest = end < 0 ? default : authority[end..];
        if (host.Length > 1 && host[^1] == '.') host = host[..^1];
        if (host.IsEmpty || host.ContainsAny(NotInHost)) return false;
        if (rest.IsEmpty) return true;
        // RFC 3986, "port": digits, possibly none.
        if (rest[0] != ':' || rest[1..].ContainsAnyExceptInRange('0', '9')) return false;
        return rest.Length == 1 || int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;
    }

    private static int PortOf(ReadOnlySpan<char> scheme) =>
        scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : scheme.Equals("http", StringComparison.OrdinalIgnoreCase) ? 80 : -1;

    private static bool IsSameHost(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (one.Equals(other, StringComparison.OrdinalIgnoreCase)) return true;
        if (one[0] == '[' && other[0] == '[') return TryReadAddress(one, out var first) && TryReadAddress(other, out var second) && first.Equals(second);
        return TryReadAscii(one, out var left) && TryReadAscii(other, out var right) && left.Equals(right, StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryReadAddress(ReadOnlySpan<char> host, out IPAddress address)
    {
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']') host = host[1..^1];
        else if (host.Count('.') != 3) host = default;
        return IPAddress.TryParse(host, out address!);
    }

    private static bool TryReadAscii(ReadOnlySpan<char> host, out string ascii)
    {
        ascii = host.ToString();
        if (!host.ContainsAnyExceptInRange('\0', '\x7f')) return true;
        try
        {
            ascii = Idn.GetAscii(ascii);
            return true;
        }
        catch (ArgumentException)
        {
            // Neither a browser nor a resolver accepts such a name.
            return false;
        }
    }
}
