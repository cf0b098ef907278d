using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SocketIOServer.Cluster;

/// <summary>
/// What a server tells the owner of a session about a request that it forwards, in the header <see cref="Name"/>:
/// <c>v1;node;unix seconds;address;scheme;condition;user;signature</c>. The user is "u" and its name in base64url, or nothing. The signature is the
/// HMAC-SHA256 of the fields in front of it, the method and the target, under the secret of the cluster.
/// </summary>
/// <param name="Node">The id of the server that forwards.</param>
/// <param name="Time">When it did.</param>
/// <param name="Address">The address of the client, if it is known.</param>
/// <param name="Scheme">The scheme that the client used.</param>
/// <param name="Condition">A digit for what the origin check has left open.</param>
/// <param name="User">The user of the request. Null if there is none.</param>
internal sealed record ForwardHeader(string Node, DateTimeOffset Time, IPAddress? Address, string Scheme, int Condition, string? User)
{
    public const string Name = "X-SocketIO-Forward";

    private const int Fields = 7;
    // The name of a user has no limit of its own. That of Kestrel for all headers is 32 KiB.
    private const int MaxLength = 16 * 1024;

    /// <summary>How old a request may be, and how much the clocks of two servers may differ.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);

    /// <summary>Writes the header.</summary>
    /// <param name="key">The secret of the cluster.</param>
    /// <param name="method">The method of the forwarded request.</param>
    /// <param name="target">Its path and query, exactly as they are sent.</param>
    public string Write(byte[] key, string method, string target)
    {
        var user = User is null ? "" : "u" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(User));
        var fields = string.Create(CultureInfo.InvariantCulture, $"v1;{Node};{Time.ToUnixTimeSeconds()};{Address};{Scheme};{Condition};{user}");
        return $"{fields};{Base64Url.EncodeToString(Sign(key, fields, method, target))}";
    }

    /// <summary>Reads the header of a request. Null if its signature is not valid or it is too old.</summary>
    /// <param name="text">The value of the header.</param>
    /// <param name="key">The secret of the cluster.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="target">Its path and query, exactly as they came.</param>
    /// <param name="now">The time of this server.</param>
    public static ForwardHeader? Read(string text, byte[] key, string method, string target, DateTimeOffset now)
    {
        var end = text.LastIndexOf(';');
        if (end < 0 || text.Length > MaxLength) return null;
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var encoded = text.AsSpan(end + 1);
        if (!Base64Url.IsValid(encoded, out var length) || length != signature.Length || !Base64Url.TryDecodeFromChars(encoded, signature, out _)) return null;
        if (!CryptographicOperations.FixedTimeEquals(signature, Sign(key, text[..end], method, target))) return null;
        // From here on, another server with the same secret has written the fields.
        var fields = text[..end].Split(';');
        if (fields.Length != Fields || fields[0] != "v1") return null;
        if (!long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - seconds) > MaxAge.TotalSeconds) return null;
        if (!int.TryParse(fields[5], NumberStyles.None, CultureInfo.InvariantCulture, out var condition)) return null;
        var user = fields[6].Length == 0 ? null : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(fields[6].AsSpan(1)));
        return new(fields[1], DateTimeOffset.FromUnixTimeSeconds(seconds), IPAddress.TryParse(fields[3], out var address) ? address : null, fields[4], condition, user);
    }

    // Neither the fields nor a method contain a line feed, so no two requests have the same text.
    private static byte[] Sign(byte[] key, string fields, string method, string target) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{fields}\n{method}\n{target}"));
}
