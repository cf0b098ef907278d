using System.Buffers;
using System.Text;

namespace SocketIOServer.Redis;

/// <summary>Patterns of PSUBSCRIBE. A client names dynamic namespaces, so a name may contain characters that Redis reads as wildcards.</summary>
internal static class RedisPattern
{
    private static readonly SearchValues<char> Special = SearchValues.Create(@"\*?[]");

    /// <summary>The pattern of all channels that begin with a text.</summary>
    public static string Prefix(string text)
    {
        if (!text.AsSpan().ContainsAny(Special)) return text + "*";
        var pattern = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (Special.Contains(character)) pattern.Append('\\');
            pattern.Append(character);
        }

        return pattern.Append('*').ToString();
    }
}
