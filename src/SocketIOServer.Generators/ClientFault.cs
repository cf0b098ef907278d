using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SocketIOServer.Generators.Analyzers;

namespace SocketIOServer.Generators;

/// <summary>
/// Why no class can be written for a client interface, and the place in the program. It has no syntax or symbols, so that the generator compares it with the
/// result of an earlier run.
/// </summary>
internal sealed class ClientFault : IEquatable<ClientFault>
{
    private readonly DiagnosticDescriptor _rule;
    private readonly string _subject;
    private readonly string _why;
    private readonly FileLinePositionSpan _lines;
    private readonly TextSpan _span;

    private ClientFault(DiagnosticDescriptor rule, string subject, string why, Location place) =>
        (_rule, _subject, _why, _lines, _span) = (rule, subject, why, place.GetLineSpan(), place.SourceSpan);

    /// <param name="member">A member of the interface.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="use">The place that names the interface, for one of another assembly.</param>
    public static ClientFault Of(ISymbol member, string why, Location use) =>
        new(Rules.ClientMember, $"{member.ContainingType.Name}.{member.Name}", why, member.Locations.FirstOrDefault(location => location.IsInSource) ?? use);

    /// <param name="type">What stands in the place of the interface.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="use">The place that names it.</param>
    public static ClientFault Of(ITypeSymbol type, string why, Location use) => new(Rules.ClientType, type.Name, why, use);

    public Diagnostic Report() => Diagnostic.Create(_rule, Location.Create(_lines.Path, _span, _lines.Span), _subject, _why);

    public bool Equals(ClientFault? other) =>
        other is not null && _rule.Id == other._rule.Id && _subject == other._subject && _why == other._why && _lines.Equals(other._lines) && _span == other._span;

    public override bool Equals(object? obj) => Equals(obj as ClientFault);

    public override int GetHashCode() => _lines.GetHashCode() ^ _why.GetHashCode();
}
