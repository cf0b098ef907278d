using System.Text;
using Microsoft.CodeAnalysis;

namespace SocketIOServer.Generators.Tests;

/// <summary>Code whose slips stand between [| and |].</summary>
internal static class Slips
{
    public const string Usings = """
        global using System;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.Extensions.DependencyInjection;
        global using SocketIOServer;
        """;

    /// <summary>With what a program has in front of its handlers.</summary>
    public static string Program(string code) => "var app = WebApplication.CreateBuilder(args).Build(); var io = app.MapSocketIO(); " + code;

    /// <summary>The marked places, and no others, are reported under this id; without a mark nothing is.</summary>
    /// <param name="id">Such as SIO001.</param>
    /// <param name="code">Statements that have <c>io</c>, and types behind them.</param>
    /// <param name="saying">What each message contains.</param>
    /// <param name="properties">What the project says to analyzers.</param>
    /// <param name="usings">More of them.</param>
    public static async Task AreFoundAsync(string id, string code, string saying = "", Dictionary<string, string>? properties = null, string usings = "")
    {
        var (text, spans) = Read(Program(code));
        var faults = await PackageCompiler.DiagnoseAsync(PackageCompiler.Compile(text, Usings, usings), properties);

        // The compiler's own words on what SIO001 explains.
        var ours = faults.Where(fault => fault.Id is not ("CS8917" or "CS1662")).ToArray();
        Assert.Equal([.. spans.Select(span => (id, span.Start.Value, text[span]))], ours.Select(fault => (fault.Id, fault.Location.SourceSpan.Start, TextAt(fault.Location, text))));
        Assert.All(ours, fault => Assert.Contains(saying, fault.GetMessage(null), StringComparison.Ordinal));
    }

    public static Task AreNoneAsync(string code, Dictionary<string, string>? properties = null) => AreFoundAsync("", code, properties: properties);

    // A generator reports a place without its tree.
    private static string TextAt(Location location, string program) =>
        location.SourceTree?.GetText().ToString(location.SourceSpan) ?? program.Substring(location.SourceSpan.Start, location.SourceSpan.Length);

    private static (string Text, List<Range> Spans) Read(string marked)
    {
        var text = new StringBuilder();
        var spans = new List<Range>();
        foreach (var part in marked.Split("[|"))
        {
            var begin = text.Length;
            var end = part.IndexOf("|]", StringComparison.Ordinal);
            text.Append(part.Replace("|]", "", StringComparison.Ordinal));
            if (end >= 0) spans.Add(begin..(begin + end));
        }

        return (text.ToString(), spans);
    }
}
