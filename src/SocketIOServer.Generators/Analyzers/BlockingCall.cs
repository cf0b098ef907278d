using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SocketIOServer.Generators.Analyzers;

/// <summary>A use of Sleep, Wait, Result or GetResult.</summary>
internal sealed class BlockingCall
{
    private readonly IOperation _operation;
    private readonly string _name;
    private readonly string _advice;

    private BlockingCall(IOperation operation, string name, string advice)
    {
        (_operation, _name, _advice) = (operation, name, advice);
        Function = operation.Parent;
        while (Function is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation)) Function = Function.Parent;
    }

    /// <summary>The lambda or local function that contains the call. Null if the method itself contains it.</summary>
    public IOperation? Function { get; }

    public static BlockingCall? Of(IOperation operation)
    {
        var found = operation switch
        {
            IInvocationOperation call => Of(call),
            IPropertyReferenceOperation { Property: { Name: "Result", ContainingType: var type }, Instance: not null } when IsTask(type) =>
                new(operation, type.Name + ".Result", "await the task"),
            _ => null,
        };
        return found is null || found.IsDone() ? null : found;
    }

    public Diagnostic Report(DiagnosticDescriptor rule) => Diagnostic.Create(rule, _operation.Syntax.GetLocation(), _name, _advice);

    private static BlockingCall? Of(IInvocationOperation call)
    {
        var (type, name) = (call.TargetMethod.ContainingType, call.TargetMethod.Name);
        return name switch
        {
            "Sleep" when type.Name == "Thread" && IsIn(type, "System.Threading") => new(call, "Thread.Sleep", "await Task.Delay"),
            "Wait" when IsTask(type) => new(call, "Task.Wait", "await the task"),
            "WaitAll" when IsTask(type) => new(call, "Task.WaitAll", "await Task.WhenAll"),
            "WaitAny" when IsTask(type) => new(call, "Task.WaitAny", "await Task.WhenAny"),
            "GetResult" when type.Name.EndsWith("Awaiter", StringComparison.Ordinal) && (IsIn(type, "System.Runtime.CompilerServices") || type.ContainingType is { } outer && IsIn(outer, "System.Runtime.CompilerServices")) =>
                new(call, "GetAwaiter().GetResult", "await the task"),
            _ => null,
        };
    }

    // A task that was awaited before, alone or by WhenAll, or was seen to be completed, has its result without waiting.
    private bool IsDone()
    {
        var instance = (_operation as IPropertyReferenceOperation)?.Instance ?? (_operation as IInvocationOperation)?.Instance;
        var task = instance?.DescendantsAndSelf().Select(LocalOf).FirstOrDefault(local => local is not null);
        if (task is null) return false;
        var body = _operation;
        while (body.Parent is { } parent && body != Function) body = parent;
        return body.Descendants()
            .Where(earlier => earlier.Syntax.SpanStart < _operation.Syntax.SpanStart)
            .Any(earlier => earlier is IAwaitOperation or IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully" }
                && earlier.Descendants().Any(part => SymbolEqualityComparer.Default.Equals(LocalOf(part), task)));
    }

    private static ISymbol? LocalOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    private static bool IsTask(INamedTypeSymbol type) => type.Name is "Task" or "ValueTask" && IsIn(type, "System.Threading.Tasks");

    private static bool IsIn(INamedTypeSymbol type, string @namespace) => type.ContainingNamespace.ToDisplayString() == @namespace;
}
