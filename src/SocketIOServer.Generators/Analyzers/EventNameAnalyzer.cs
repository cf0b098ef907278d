using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SocketIOServer.Json;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>Finds events under names that the protocol keeps for itself, or that a Node server raises and no client sends.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EventNameAnalyzer : LibraryAnalyzer
{
    private const string Connected = "OnConnected, in a class OnConnectedAsync, runs when a client is in";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ReservedName, Rules.Connection];

    private protected override void Start(CompilationStartAnalysisContext start, Library library)
    {
        start.RegisterOperationAction(
            context =>
            {
                var call = (IInvocationOperation)context.Operation;
                var isHandler = library.TakesHandler(call.TargetMethod);
                if (!isHandler && !library.Emits(call.TargetMethod)) return;
                if (Library.NameIn(call) is { ConstantValue.Value: string name } argument && Check(name, isHandler, argument.Syntax.GetLocation()) is { } found)
                    context.ReportDiagnostic(found);
            },
            OperationKind.Invocation);
        start.RegisterSymbolAction(
            context =>
            {
                if (!library.IsNamespace(context.Symbol.ContainingType)) return;
                foreach (var on in library.OnOf(context.Symbol))
                {
                    if (Library.NameIn(on) is { } name && Check(name, isHandler: true, LocationOf(on, context.Symbol)) is { } found) context.ReportDiagnostic(found);
                }
            },
            SymbolKind.Method);
    }

    private static Diagnostic? Check(string name, bool isHandler, Location location)
    {
        if (isHandler && name == "connection") return Diagnostic.Create(Rules.Connection, location, Connected);
        return ReservedNames.Contains(name) ? Diagnostic.Create(Rules.ReservedName, location, name, isHandler ? InsteadOfHandler(name) : InsteadOfEmit(name)) : null;
    }

    private static string InsteadOfHandler(string name) => name switch
    {
        "connect" => Connected,
        "connect_error" => "it is the client's, whom ConnectionRefusedException in OnConnecting refuses",
        "disconnect" => "OnDisconnected, in a class OnDisconnectedAsync, runs when a client has left",
        "disconnecting" => "OnDisconnecting runs when a client leaves",
        _ => "clients keep it for themselves, so take another name",
    };

    private static string InsteadOfEmit(string name) => name switch
    {
        "connect" => "the client hears it by itself when it is in, so take another name",
        "connect_error" => "ConnectionRefusedException in OnConnecting refuses a client",
        "disconnect" or "disconnecting" => "DisconnectAsync disconnects a client, which hears of it by itself",
        _ => "clients keep it for themselves, so take another name",
    };
}
