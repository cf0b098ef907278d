using System.Text;
using System.Text.RegularExpressions;

namespace Chat.Accounts;

/// <summary>Names of users: letters and digits of all scripts.</summary>
internal static partial class UserName
{
    /// <summary>Null: it is no good.</summary>
    public static string? Read(string? typed)
    {
        var name = typed?.Trim().Normalize(NormalizationForm.FormC);
        return name is not null && Allowed().IsMatch(name) ? name : null;
    }

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}_.-]{2,24}\z")]
    private static partial Regex Allowed();
}
