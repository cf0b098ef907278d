using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Events;

/// <summary>
/// Turns a delegate into a handler when it is declared. A signature that cannot work throws here. What is compiled is kept for the
/// method, since a program may declare the same lambda for each of its sockets.
/// </summary>
/// <param name="services">Tells which types are services.</param>
internal sealed class HandlerBinder(IServiceProviderIsService? services)
{
    private readonly ConcurrentDictionary<(MethodInfo Method, Type Type, HandlerKind Kind), Func<EventCall, Delegate?, ValueTask>> _compiled = new();

    private static readonly Dictionary<Type, string> Given = new()
    {
        [typeof(ISocket)] = nameof(EventCall.Socket),
        [typeof(ISocketServer)] = nameof(EventCall.Server),
        [typeof(ISocketNamespace)] = nameof(EventCall.Namespace),
        [typeof(Handshake)] = nameof(EventCall.Handshake),
        [typeof(ClaimsPrincipal)] = nameof(EventCall.User),
        [typeof(CancellationToken)] = nameof(EventCall.Disconnected),
        [typeof(LeaveReason)] = nameof(EventCall.Reason),
        [typeof(ISession)] = nameof(EventCall.Session),
    };

    /// <summary>A handler took an <see cref="ISession"/>, so every client needs one.</summary>
    public bool UsesSession { get; private set; }

    /// <param name="name">The event or hook, for messages.</param>
    /// <param name="handler">The user's delegate.</param>
    /// <param name="kind">What there is to fill parameters from.</param>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public Handler Bind(string name, Delegate handler, HandlerKind kind)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CheckReturn(name, handler.Method);
        var parameters = handler.Method.GetParameters().Where(parameter => !IsClosedOver(handler, parameter)).ToArray();
        var invoke = _compiled.GetOrAdd((handler.Method, handler.GetType(), kind), _ => Compile(
            name, parameters, kind, (_, target, arguments) => Expression.Invoke(Expression.Convert(target, handler.GetType()), arguments)));
        return Create(name, handler, invoke, handler.Method);
    }

    /// <summary>A method of a class that is made for each call.</summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public Handler Bind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(string name, MethodInfo method, HandlerKind kind)
        where T : SocketController
    {
        CheckReturn(name, method);
        var invoke = Compile(
            name, method.GetParameters(), kind, (call, _, arguments) =>
                Expression.Call(method.IsStatic ? null : Expression.Call(call, nameof(EventCall.Instance), [typeof(T)]), method, arguments));
        return Create(name, null, invoke, method);
    }

    private Handler Create(string name, Delegate? handler, Func<EventCall, Delegate?, ValueTask> invoke, MethodInfo method)
    {
        var usesSession = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ISession));
        if (usesSession && services?.IsService(typeof(ISessionStore)) == false)
            throw new InvalidOperationException($"\"{name}\" takes an ISession: call builder.Services.AddDistributedMemoryCache() and AddSession().");
        UsesSession |= usesSession;
        return new(name, handler, invoke)
        {
            Admission = Admission.Create(AuthorizeOf(method), services),
            Concurrency = ConcurrencyOf(name, method),
            IsAsync = TaskOf(method.ReturnType) is not null,
            UsesSession = usesSession,
        };
    }

    private static IAuthorizeData[] AuthorizeOf(MethodInfo method) => [.. method.GetCustomAttributes().OfType<IAuthorizeData>()];

    private static int ConcurrencyOf(string name, MethodInfo method) => method.GetCustomAttribute<ConcurrentAttribute>()?.Limit switch
    {
        null => 1,
        < 2 => throw new ArgumentException($"\"{name}\": [Concurrent] is for 2 or more at a time; without it events wait for each other."),
        { } limit => limit,
    };

    private static void CheckReturn(string name, MethodInfo method)
    {
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new ArgumentException($"\"{name}\": the handler is async void, so nobody could wait for it or see it fail; let it return Task.");
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    private Func<EventCall, Delegate?, ValueTask> Compile(
        string name, ParameterInfo[] parameters, HandlerKind kind, Func<ParameterExpression, ParameterExpression, IEnumerable<Expression>, Expression> run)
    {
        var call = Expression.Parameter(typeof(EventCall), "call");
        var target = Expression.Parameter(typeof(Delegate), "handler");
        var nullability = new NullabilityInfoContext();
        // The first text that a handler of all events takes is the event's name.
        var nameOfAny = kind == HandlerKind.Any ? parameters.FirstOrDefault(parameter => parameter.ParameterType == typeof(string)) : null;
        var arguments = parameters.Select(parameter => parameter == nameOfAny
            ? Expression.Property(call, nameof(EventCall.Name))
            : Fill(name, call, parameter, kind, nullability));
        return Expression.Lambda<Func<EventCall, Delegate?, ValueTask>>(Answer(call, run(call, target, arguments)), call, target).Compile();
    }

    // A delegate over an extension method or a static method with a bound first argument.
    private static bool IsClosedOver(Delegate handler, ParameterInfo parameter) =>
        handler.Method.IsStatic && handler.Target is not null && parameter.Position == 0
        && handler.GetType().GetMethod("Invoke")!.GetParameters().Length < handler.Method.GetParameters().Length;

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    private Expression Fill(string name, ParameterExpression call, ParameterInfo parameter, HandlerKind kind, NullabilityInfoContext nullability)
    {
        var type = parameter.ParameterType;
        if (type.IsByRef) throw new ArgumentException($"\"{name}\": parameter \"{parameter.Name}\" is passed by reference; take it by value.");
        if (Given.TryGetValue(type, out var property)) return Expression.Property(call, property);
        var allowsNull = Nullable.GetUnderlyingType(type) is not null
            || !type.IsValueType && nullability.Create(parameter).WriteState != NullabilityState.NotNull;
        var slot = Expression.Constant(new ParameterSlot(
            parameter.Name ?? "",
            parameter.HasDefaultValue || allowsNull,
            // JSON's null is a JsonNode that is null.
            allowsNull || type == typeof(JsonNode),
            parameter.HasDefaultValue ? parameter.DefaultValue : null));
        foreach (var attribute in parameter.GetCustomAttributes())
        {
            switch (attribute)
            {
                case FromAuthAttribute: return Expression.Call(call, nameof(EventCall.Auth), [type], slot);
                case EventNameAttribute when type == typeof(string): return Expression.Property(call, nameof(EventCall.Name));
                case FromKeyedServicesAttribute keyed: return Expression.Call(call, nameof(EventCall.KeyedService), [type], Expression.Constant(keyed.Key, typeof(object)), slot);
                case IFromServiceMetadata: return Expression.Call(call, nameof(EventCall.Service), [type], slot);
            }
        }

        if (IsService(type)) return Expression.Call(call, nameof(EventCall.Service), [type], slot);
        if (kind == HandlerKind.Hook)
            throw new ArgumentException($"\"{name}\": nothing can fill parameter \"{parameter.Name}\" of type {type.Name}; it is neither given to this handler nor a registered service.");
        if (type == typeof(JsonElement[])) return Expression.Call(call, nameof(EventCall.Elements), null, slot);
        if (type == typeof(JsonNode[])) return Expression.Call(call, nameof(EventCall.Nodes), null, slot);
        return Expression.Call(call, nameof(EventCall.Argument), [type], slot);
    }

    // The container says yes to every IEnumerable<T>, which is an argument here.
    private bool IsService(Type type) =>
        !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)) && services?.IsService(type) == true;

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    private static Expression Answer(ParameterExpression call, Expression run)
    {
        if (run.Type == typeof(void)) return Expression.Block(run, Expression.Call(call, nameof(EventCall.Complete), null));
        return TaskOf(run.Type) is { } task
            ? Expression.Call(call, nameof(EventCall.CompleteAsync), task.GetGenericArguments(), Expression.Convert(run, task))
            : Expression.Call(call, nameof(EventCall.Complete), [run.Type], run);
    }

    // What a handler that returns this is awaited as; null: it is an answer.
    private static Type? TaskOf(Type returned)
    {
        if (returned == typeof(Task) || returned == typeof(ValueTask)) return returned;
        for (var type = returned; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>))) return type;
        }

        return null;
    }
}
