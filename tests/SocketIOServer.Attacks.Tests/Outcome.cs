namespace SocketIOServer.Attacks.Tests;

/// <summary>What an attacker gets. Everything else in a table is the reply to one whose connection stays.</summary>
internal static class Outcome
{
    public const string Alive = "alive";
    public const string ParseError = "parse error";
    public const string ForcedClose = "forced close";
    public const string InvalidUtf8 = "invalid UTF-8";
    public const string TooLarge = "too large";

    public static bool IsEnd(string outcome) => outcome is ParseError or ForcedClose or InvalidUtf8 or TooLarge;
}
