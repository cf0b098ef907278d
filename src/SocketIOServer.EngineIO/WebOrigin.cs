using System.Buffers;
using System.Globalization;
using System.Net;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Compares the origin of a page with the address of a server as RFC 6454 does: scheme, host and port, whatever way they are written. A port
/// may be left out where it is the scheme's own, and a host may be written in Unicode or in Punycode, in any case and with a dot behind it.
/// </summary>
internal static class WebOrigin
{
    private static readonly IdnMapping Idn = new();

    // RFC 3986, "gen-delims", and what begins an escape or ends a name.
    private static readonly SearchValues<char> NotInHost = SearchValues.Create("/\\?#@ %");

    /// <summary>The two mean the same. What is no origin is the same as nothing.</summary>
    public static bool IsSame(string origin, string scheme, string host) => Compare(origin, scheme, host) == OriginDifference.None;

    /// <summary>The first difference between an origin and a server's scheme and Host header.</summary>
    public static OriginDifference Compare(string origin, string scheme, string host)
    {
        scheme = OfPages(scheme);
        var mark = origin.IndexOf("://", StringComparison.Ordinal);
        // Client 1.3 in Node sends "host:port" for its WebSocket; no browser can be made to.
        var originScheme = mark < 0 ? scheme : OfPages(origin[..mark]);
        var authority = mark < 0 ? origin : origin.AsSpan(mark + 3);
        // The PHP client sends the whole URL that it was given. Several origins are no URL.
        if (mark >= 0 && authority.IndexOf('/') is >= 0 and var path && !authority[path..].ContainsAny(',', ' ')) authority = authority[..path];
        if (!TryRead(authority, originScheme, out var pageHost, out var pagePort)) return OriginDifference.Host;
        if (!TryRead(host, scheme, out var ownHost, out var ownPort) || !IsSameHost(pageHost, ownHost)) return OriginDifference.Host;
        if (!originScheme.Equals(scheme, StringComparison.OrdinalIgnoreCase)) return OriginDifference.Scheme;
        return pagePort == ownPort ? OriginDifference.None : OriginDifference.Port;
    }

    /// <summary>
    /// The scheme of a page that uses a server of this scheme. Traefik sends X-Forwarded-Proto "wss" for a WebSocket, and "https" for the rest. The Swift client's
    /// WebSocket (Starscream) sends the scheme of its URL in Origin; no browser can be made to.
    /// </summary>
    public static string OfPages(string scheme) =>
        scheme.Equals("wss", StringComparison.OrdinalIgnoreCase) ? "https" : scheme.Equals("ws", StringComparison.OrdinalIgnoreCase) ? "http" : scheme;

    /// <summary>The origin of the page that a URL names; empty where there is none.</summary>
    public static string Of(string url)
    {
        var mark = url.IndexOf("://", StringComparison.Ordinal);
        if (mark <= 0) return "";
        var end = url.AsSpan(mark + 3).IndexOfAny('/', '?', '#');
        return end < 0 ? url : url[..(mark + 3 + end)];
    }

    /// <summary>A name or an address of the machine itself, as it stands in an origin or in a Host header.</summary>
    public static bool IsLoopback(string originOrHost)
    {
        var mark = originOrHost.IndexOf("://", StringComparison.Ordinal);
        if (!TryRead(originOrHost.AsSpan(mark < 0 ? 0 : mark + 3), "http", out var host, out _)) return false;
        // RFC 6761, "localhost": the name and all below it.
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
        // RFC 3986, "port": digits, perhaps none.
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
            // No name that a browser or a resolver could know.
            return false;
        }
    }
}
