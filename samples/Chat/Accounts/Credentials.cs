namespace Chat.Accounts;

/// <summary>What a form sends. No record: their ToString tells the password to whoever logs one.</summary>
internal sealed class Credentials
{
    public string? Name { get; set; }

    public string? Password { get; set; }

    /// <summary>Good enough for a new account.</summary>
    public bool HasGoodPassword => Password is { Length: >= 8 and <= 128 };
}
