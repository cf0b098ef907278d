using Microsoft.CodeAnalysis;
using SocketIOServer.Generators.Analyzers;

namespace SocketIOServer.Generators.Tests;

/// <summary>Programs suppress a diagnostic by its id, so an id stands for one diagnostic.</summary>
public sealed class RulesTests
{
    [Fact]
    public void An_id_is_given_once()
    {
        var rules = typeof(LibraryAnalyzer).Assembly.GetType("SocketIOServer.Generators.Analyzers.Rules", throwOnError: true)!
            .GetFields().Where(field => field.FieldType == typeof(DiagnosticDescriptor)).Select(field => (DiagnosticDescriptor)field.GetValue(null)!).ToArray();

        // A descriptor for the end of the compilation repeats the id and the title.
        var shared = rules.GroupBy(rule => rule.Id).Where(group => group.Select(rule => rule.Title.ToString(null)).Distinct().Count() > 1).Select(group => group.Key);

        Assert.NotEmpty(rules);
        Assert.Empty(shared);
    }
}
