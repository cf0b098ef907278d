using System.Text.RegularExpressions;

namespace SocketIOServer.Attacks.Tests;

internal static partial class SocketIds
{
    /// <summary>Of the answer that lets a client in.</summary>
    public static string Of(string connected)
    {
        var match = Connected.Match(connected);
        Assert.True(match.Success, connected);
        return match.Groups["id"].Value;
    }

    [GeneratedRegex("""^40(/[^,]*,)?\{"sid":"(?<id>[A-Za-z0-9_-]{20})"\}$""")]
    private static partial Regex Connected { get; }
}
