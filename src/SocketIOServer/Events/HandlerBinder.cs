using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Events;

/// <summary>Compiles a delegate into a handler, once, when it is declared. A signature that cannot work throws here.</summary>
[RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
internal static class HandlerBinder
{
    private static readonly Dictionary<Type, string> Given = new()
    {
        [typeof(ISocket)] = nameof(EventCall.Socket),
        [typeof(ISocketServer)] = nameof(EventCall.Server),
        [typeof(ISocketNamespace)] = nameof(EventCall.Namespace),
        [typeof(Handshake)] = nameof(EventCall.Handshake),
        [typeof(ClaimsPrincipal)] = nameof(EventCall.User),
        [typeof(CancellationToken)] = nameof(EventCall.Disconnected),
        [typeof(LeaveReason)] = nameof(EventCall.Reason),
    };

    /// <param name="name">The event or hook, for messages.</param>
    /// <param name="handler">The user's delegate.</param>
    /// <param name="takesArguments">False for hooks: they have none but what is given.</param>
    /// <param name="services">Tells which types are services.</param>
    public static Handler Bind(string name, Delegate handler, bool takesArguments, IServiceProviderIsService? services)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (handler.Method.ReturnType == typeof(void) && handler.Method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new ArgumentException($"\"{name}\": the handler is async void, so nobody could wait for it or see it fail; let it return Task.");
        var call = Expression.Parameter(typeof(EventCall), "call");
        var nullability = new NullabilityInfoContext();
        var arguments = handler.Method.GetParameters()
            .Where(parameter => !IsClosedOver(handler, parameter))
            .Select(parameter => Fill(name, call, parameter, takesArguments, services, nullability));
        var run = Expression.Invoke(Expression.Constant(handler), arguments);
        return new(name, Expression.Lambda<Func<EventCall, ValueTask>>(Answer(call, run), call).Compile());
    }

    // A delegate over an extension method or a static method with a bound first argument.
    private static bool IsClosedOver(Delegate handler, ParameterInfo parameter) =>
        handler.Method.IsStatic && handler.Target is not null && parameter.Position == 0
        && handler.GetType().GetMethod("Invoke")!.GetParameters().Length < handler.Method.GetParameters().Length;

    private static Expression Fill(
        string name, ParameterExpression call, ParameterInfo parameter, bool takesArguments, IServiceProviderIsService? services, NullabilityInfoContext nullability)
    {
        var type = parameter.ParameterType;
        if (type.IsByRef) throw new ArgumentException($"\"{name}\": parameter \"{parameter.Name}\" is passed by reference; take it by value.");
        if (Given.TryGetValue(type, out var property)) return Expression.Property(call, property);
        if (IsService(type, services)) return Expression.Call(call, nameof(EventCall.Service), [type]);
        if (!takesArguments)
            throw new ArgumentException($"\"{name}\": nothing can fill parameter \"{parameter.Name}\" of type {type.Name}; it is neither given to this handler nor a registered service.");
        var allowsNull = Nullable.GetUnderlyingType(type) is not null
            || !type.IsValueType && nullability.Create(parameter).WriteState != NullabilityState.NotNull;
        var slot = Expression.Constant(new ParameterSlot(
            parameter.Name ?? "",
            parameter.HasDefaultValue || allowsNull,
            // JSON's null is a JsonNode that is null.
            allowsNull || type == typeof(JsonNode),
            parameter.HasDefaultValue ? parameter.DefaultValue : null));
        if (type == typeof(JsonElement[])) return Expression.Call(call, nameof(EventCall.Elements), null, slot);
        if (type == typeof(JsonNode[])) return Expression.Call(call, nameof(EventCall.Nodes), null, slot);
        return Expression.Call(call, nameof(EventCall.Argument), [type], slot);
    }

    // The container says yes to every IEnumerable<T>, which is an argument here.
    private static bool IsService(Type type, IServiceProviderIsService? services) =>
        !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)) && services?.IsService(type) == true;

    private static Expression Answer(ParameterExpression call, Expression run)
    {
        if (run.Type == typeof(void)) return Expression.Block(run, Expression.Call(call, nameof(EventCall.Complete), null));
        if (run.Type == typeof(Task) || run.Type == typeof(ValueTask)) return Expression.Call(call, nameof(EventCall.CompleteAsync), null, run);
        for (var type = run.Type; type is not null; type = type.BaseType)
        {
            if (!type.IsGenericType || type.GetGenericTypeDefinition() is var open && open != typeof(Task<>) && open != typeof(ValueTask<>)) continue;
            return Expression.Call(call, nameof(EventCall.CompleteAsync), type.GetGenericArguments(), Expression.Convert(run, type));
        }

        return Expression.Call(call, nameof(EventCall.Complete), [run.Type], run);
    }
}
