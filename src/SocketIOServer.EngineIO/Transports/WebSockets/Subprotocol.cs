using System.Buffers;
using Microsoft.Extensions.Primitives;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>What a client calls the protocol that it wants to speak: RFC 6455, section 4.2.2. The reference takes the first name.</summary>
internal static class Subprotocol
{
    // token of RFC 9110, section 5.6.2: whatever else may stand in a header, nothing of it is written back.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Null: the client names none, or what it names first is no token. It gets no answer then, and may end the connection.</summary>
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
