using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SocketIOServer.Nats;

/// <summary>
/// The subject of a channel. Clients choose names of namespaces and rooms, and in a subject a dot, a star, a greater-than sign and a space have a meaning.
/// Every part of the channel's name between two <c>#</c> is therefore one token: an underscore and the UTF-8 of the part as base64url. The first part, which
/// is the program's prefix, stays as it is if it is a valid subject. Different channels have different subjects.
/// </summary>
/// <remarks><c>socket.io#/chat#room 1#</c> is <c>socket.io._L2NoYXQ._cm9vbSAx._</c>.</remarks>
internal static class NatsSubject
{
    // nats-server ends a connection whose command is longer than max_control_line, 4096 bytes by default.
    private const int LongestPart = 256;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Of(string channel)
    {
        var parts = channel.Split('#');
        var subject = new StringBuilder(2 * channel.Length + 8);
        if (IsPlain(parts[0])) subject.Append(parts[0]);
        else AppendToken(subject, parts[0]);
        foreach (var part in parts.AsSpan(1))
        {
            subject.Append('.');
            AppendToken(subject, part);
        }

        return subject.ToString();
    }

    // No token of it begins with an underscore, so it is never taken for one that is encoded.
    private static bool IsPlain(string part)
    {
        if (part.Length > LongestPart) return false;
        foreach (var range in part.AsSpan().Split('.'))
        {
            var token = part.AsSpan(range);
            if (token is [] or ['_', ..] || token.ContainsAnyExcept(Plain)) return false;
        }

        return true;
    }

    private static void AppendToken(StringBuilder subject, string part)
    {
        var utf8 = Encoding.UTF8.GetBytes(part);
        subject.Append('_');
        // No UTF-8 begins with a byte whose base64url begins with an underscore.
        if (utf8.Length > LongestPart) subject.Append('_').Append(Base64Url.EncodeToString(SHA256.HashData(utf8)));
        else subject.Append(Base64Url.EncodeToString(utf8));
    }
}
