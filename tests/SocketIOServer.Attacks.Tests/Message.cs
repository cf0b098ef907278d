using System.Text;
using System.Text.RegularExpressions;

namespace SocketIOServer.Attacks.Tests;

/// <summary>
/// Engine.IO messages as the tables write them: text as it is, "b:0102" for binary, "hex:34ff" for text that is no UTF-8, and
/// "«[×300»" for what stands there so many times.
/// </summary>
internal static partial class Message
{
    private const string BinaryMark = "b:";
    private const string HexMark = "hex:";

    public static bool IsBinary(string message) => message.StartsWith(BinaryMark, StringComparison.Ordinal);

    public static byte[] Bytes(string message)
    {
        if (IsBinary(message)) return Convert.FromHexString(message[BinaryMark.Length..]);
        return message.StartsWith(HexMark, StringComparison.Ordinal) ? Convert.FromHexString(message[HexMark.Length..]) : Encoding.UTF8.GetBytes(Expand(message));
    }

    public static string Expand(string text) => Repeated.Replace(
        text,
        match => new StringBuilder().Insert(0, match.Groups["what"].Value, int.Parse(match.Groups["times"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToString());

    /// <summary>The body of one POST.</summary>
    public static byte[] Payload(params string[] messages)
    {
        using var body = new MemoryStream();
        foreach (var message in messages)
        {
            if (body.Length > 0) body.WriteByte(0x1e);
            body.Write(IsBinary(message) ? Encoding.ASCII.GetBytes("b" + Convert.ToBase64String(Bytes(message))) : Bytes(message));
        }

        return body.ToArray();
    }

    [GeneratedRegex("«(?<what>[^×]+)×(?<times>[0-9]+)»")]
    private static partial Regex Repeated { get; }
}
