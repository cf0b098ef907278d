using System.Text;

namespace Chat;

/// <summary>A name as it is compared: "Ada" and "ADA" are one, and so are full-width letters and others.</summary>
internal static class NameKey
{
    public static string Of(string name) => name.Normalize(NormalizationForm.FormKC).ToUpperInvariant();
}
