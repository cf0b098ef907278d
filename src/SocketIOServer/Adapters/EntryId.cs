using System.Globalization;

namespace SocketIOServer.Adapters;

/// <summary>
/// The id of an entry of a cluster's log, which is also the offset that a client is sent with an event: "1795235376938-0". Ids of one namespace
/// only grow.
/// </summary>
/// <param name="Milliseconds">The first number. Streams of Redis: milliseconds of Unix time.</param>
/// <param name="Sequence">The second number, which counts entries with the same first one.</param>
public readonly record struct EntryId(ulong Milliseconds, ulong Sequence) : IComparable<EntryId>
{
    /// <summary>Before every entry.</summary>
    public static EntryId None => default;

    /// <summary>Behind every entry.</summary>
    internal static EntryId Never => new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>The next one that is possible.</summary>
    internal EntryId Next => new(Milliseconds, Sequence + 1);

    /// <summary>Whether one is before the other.</summary>
    public static bool operator <(EntryId left, EntryId right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is behind the other.</summary>
    public static bool operator >(EntryId left, EntryId right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is not behind the other.</summary>
    public static bool operator <=(EntryId left, EntryId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is not before the other.</summary>
    public static bool operator >=(EntryId left, EntryId right) => left.CompareTo(right) >= 0;

    /// <summary>Reads an id.</summary>
    /// <param name="text">Two numbers and a dash between them.</param>
    /// <param name="id">The id.</param>
    /// <returns>False if the text is something else.</returns>
    public static bool TryParse(string? text, out EntryId id)
    {
        id = default;
        var dash = text?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        if (dash < 0) return false;
        if (!ulong.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) return false;
        if (!ulong.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)) return false;
        id = new(milliseconds, sequence);
        return true;
    }

    /// <summary>The one that is behind the other.</summary>
    internal static EntryId Later(EntryId left, EntryId right) => left > right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(EntryId other) =>
        Milliseconds != other.Milliseconds ? Milliseconds.CompareTo(other.Milliseconds) : Sequence.CompareTo(other.Sequence);

    /// <summary>The two numbers with a dash between them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}-{Sequence}");
}
