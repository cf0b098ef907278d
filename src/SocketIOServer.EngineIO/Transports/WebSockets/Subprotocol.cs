using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>Selects the subprotocol (RFC 6455, section 4.2.2). Like Node's server, it takes the first name that the client offers.</summary>
internal static class Subprotocol
{
    // "token" of RFC 9110, section 5.6.2. No other character of the request is written to the response.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>
    /// Returns null if the client offers none, or if the first offer is not a token. The response then has no subprotocol, and the client might end the
    /// connection.
    /// </summary>
    public static string? First(StringValues offered)
    {
        foreach (var header in offered)
        {
            foreach (var part in header.AsSpan().Split(','))
            {
                var name = header.AsSpan(part).Trim(" \t");
                if (!name.IsEmpty) return name.ContainsAnyExcept(Token) ? null : name.ToString();
            }
        }

        return null;
    }
}
