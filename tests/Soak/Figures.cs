using System.Globalization;

namespace SocketIOServer.Soak;

/// <summary>What a scenario measured, line by line.</summary>
public sealed class Figures
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>One figure with its unit, as "lost: 0" or "detected within: 4.1 s".</summary>
    public void Add(string name, FormattableString value) => _lines.Add($"{name}: {value.ToString(CultureInfo.InvariantCulture)}");
}
