using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SocketIOServer.Attacks.Tests;

/// <summary>The answer to one HTTP request. No answer at all has the status 0.</summary>
internal sealed partial record Reply(int Status, string Head, string Body)
{
    public const string UnknownSession = """{"code":1,"message":"Session ID unknown"}""";

    /// <summary>A status of a connection that ended without an answer.</summary>
    public const int None = 0;

    /// <summary>Whether the server ends the connection behind it.</summary>
    public bool IsLast => Status is None || Head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null: the header is not there.</summary>
    public string? this[string header]
    {
        get
        {
            var line = Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase));
            return line?[(header.Length + 1)..].Trim();
        }
    }

    public static async Task<Reply> ReadAsync(RawConnection raw, bool hasBody = true)
    {
        var head = await raw.ReadHeadAsync();
        if (head.Length == 0) return new(None, "", "");
        var length = Length.Match(head) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return new(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head, hasBody ? Encoding.UTF8.GetString(await raw.ReadAsync(length)) : "");
    }

    [GeneratedRegex(@"\r\nContent-Length: (\d+)\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex Length { get; }
}
