using Microsoft.Extensions.Primitives;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>The negotiation of permessage-deflate (RFC 7692, section 7.1). The server accepts the first offer that it supports.</summary>
internal static class DeflateOffer
{
    private const string Name = "permessage-deflate";

    // No context takeover in either direction, whether the client asked for it or not (sections 7.1.1.1 and 7.1.1.2).
    private const string Answer = $"{Name}; server_no_context_takeover; client_no_context_takeover";

    // The response must contain what an offer requires by name (section 7.1.2.1).
    private const string AnswerWithWindow = $"{Answer}; server_max_window_bits=15";

    /// <summary>The header of the response. Null if the server supports no offer.</summary>
    public static string? Accept(StringValues extensions)
    {
        foreach (var header in extensions)
        {
            foreach (var part in header.AsSpan().Split(','))
            {
                if (TryAccept(header.AsSpan(part), out var asksForWindow)) return asksForWindow ? AnswerWithWindow : Answer;
            }
        }

        return null;
    }

    // An offer with an unknown parameter, an invalid value or a duplicate parameter is declined (section 7.1). Then the next offer is checked.
    private static bool TryAccept(ReadOnlySpan<char> offer, out bool asksForWindow)
    {
        asksForWindow = false;
        var seen = Parameters.None;
        var isFirst = true;
        foreach (var part in offer.Split(';'))
        {
            var text = offer[part].Trim(" \t");
            if (isFirst)
            {
                if (!text.Equals(Name, StringComparison.OrdinalIgnoreCase)) return false;
                isFirst = false;
                continue;
            }

            var parameter = Read(text);
            if (parameter == Parameters.None || (seen & parameter) != 0) return false;
            seen |= parameter;
        }

        asksForWindow = (seen & Parameters.ServerWindow) != 0;
        return !isFirst;
    }

    private static Parameters Read(ReadOnlySpan<char> text)
    {
        var equals = text.IndexOf('=');
        var hasValue = equals >= 0;
        var name = hasValue ? text[..equals].TrimEnd(" \t") : text;
        var value = hasValue ? Unquote(text[(equals + 1)..].TrimStart(" \t")) : default;
        return name switch
        {
            "server_no_context_takeover" when !hasValue => Parameters.ServerTakeover,
            "client_no_context_takeover" when !hasValue => Parameters.ClientTakeover,
            // The framework's compressor always has a window of 32 KB, so the server cannot promise a smaller one.
            "server_max_window_bits" when value is "15" => Parameters.ServerWindow,
            // This parameter is a hint that the client supports a limit. The server sets none, and decompresses with the largest window.
            "client_max_window_bits" when !hasValue || value is "8" or "9" or "10" or "11" or "12" or "13" or "14" or "15" => Parameters.ClientWindow,
            _ => Parameters.None,
        };
    }

    private static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> value) => value is ['"', .. var inner, '"'] ? inner : value;

    [Flags]
    private enum Parameters
    {
        None = 0,
        ServerTakeover = 1,
        ClientTakeover = 2,
        ServerWindow = 4,
        ClientWindow = 8,
    }
}
