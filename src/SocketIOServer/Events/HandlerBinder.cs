using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Events;

/// <summary>
/// Turns a delegate or a method into a handler when it is mapped. A signature that cannot work throws here. The compiled code is kept for the
/// method, since a program may declare the same lambda for each of its sockets.
/// </summary>
internal sealed class HandlerBinder
{
    private readonly ConcurrentDictionary<(MethodInfo Method, Type Type, HandlerKind Kind), Code> _compiled = new();
    private readonly IServiceProviderIsService? _services;
    private readonly ServiceCheck _check;
    private readonly ParameterBinder _parameters;

    /// <param name="services">Tells which types are services.</param>
    /// <param name="json">The options that arguments are read with.</param>
    public HandlerBinder(IServiceProviderIsService? services, JsonSerializerOptions json)
    {
        _services = services;
        _check = new(services);
        _parameters = new(_check, new(json));
    }

    /// <summary>Whether a handler takes an <see cref="ISession"/>, so every client needs one.</summary>
    public bool UsesSession { get; private set; }

    /// <param name="name">The event or hook, for messages.</param>
    /// <param name="handler">The delegate of the program.</param>
    /// <param name="kind">What the handler is called for.</param>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public Handler Bind(string name, Delegate handler, HandlerKind kind)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CheckReturn(name, handler.Method);
        var parameters = handler.Method.GetParameters().Where(parameter => !IsClosedOver(handler, parameter)).ToArray();
        var code = _compiled.GetOrAdd((handler.Method, handler.GetType(), kind), _ => Compile(
            name, parameters, kind, (_, target, arguments) => Expression.Invoke(Expression.Convert(target, handler.GetType()), arguments)));
        return Create(name, handler, code, handler.Method);
    }

    /// <summary>A method of a class that is created for each call.</summary>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public Handler Bind<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(string name, MethodInfo method, HandlerKind kind)
        where T : SocketController
    {
        CheckReturn(name, method);
        if (!method.IsStatic) _check.CheckConstructors(typeof(T));
        var code = Compile(
            name, method.GetParameters(), kind, (call, _, arguments) =>
                Expression.Call(method.IsStatic ? null : Expression.Call(call, nameof(EventCall.Instance), [typeof(T)]), method, arguments));
        return Create(name, null, code, method);
    }

    /// <summary>A filter: the registered one, or one that is created for each event.</summary>
    /// <exception cref="ArgumentException">Its constructor takes what is not a registered service.</exception>
    public FilterFactory BindFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IEventFilter
    {
        _check.CheckConstructors(typeof(T));
        return static call => call.ServiceOrNew<T>();
    }

    private Handler Create(string name, Delegate? handler, Code code, MethodInfo method)
    {
        var usesSession = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ISession));
        if (usesSession && _services?.IsService(typeof(ISessionStore)) == false)
            throw new InvalidOperationException($"\"{name}\" takes an ISession: call builder.Services.AddDistributedMemoryCache() and AddSession().");
        UsesSession |= usesSession;
        return new(name, handler, code.Invoke)
        {
            Inputs = code.Inputs,
            Authorization = AuthorizationCheck.Create(AuthorizeOf(method), _services),
            Concurrency = ConcurrencyOf(name, method),
            IsAsync = TaskOf(method.ReturnType) is not null,
            UsesSession = usesSession,
        };
    }

    private static IAuthorizeData[] AuthorizeOf(MethodInfo method) => [.. method.GetCustomAttributes().OfType<IAuthorizeData>()];

    private static int ConcurrencyOf(string name, MethodInfo method) => method.GetCustomAttribute<ConcurrentAttribute>()?.Limit switch
    {
        null => 1,
        < 2 => throw new ArgumentException($"\"{name}\": the limit of [Concurrent] must be 2 or more. Without the attribute, events wait for each other."),
        { } limit => limit,
    };

    private static void CheckReturn(string name, MethodInfo method)
    {
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new ArgumentException($"\"{name}\": the handler is async void, so the server could not wait for it or see it fail. Return Task.");
    }

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    private Code Compile(
        string name, ParameterInfo[] parameters, HandlerKind kind, Func<ParameterExpression, ParameterExpression, IEnumerable<Expression>, Expression> run)
    {
        var call = Expression.Parameter(typeof(EventCall), "call");
        var target = Expression.Parameter(typeof(Delegate), "handler");
        var inputs = new HandlerInputs();
        var arguments = _parameters.Fill(name, call, parameters, kind, inputs);
        return new(Expression.Lambda<Func<EventCall, Delegate?, ValueTask>>(Answer(call, run(call, target, arguments)), call, target).Compile(), inputs);
    }

    // Whether the delegate has bound the first argument of an extension method or a static method.
    private static bool IsClosedOver(Delegate handler, ParameterInfo parameter) =>
        handler.Method.IsStatic && handler.Target is not null && parameter.Position == 0
        && handler.GetType().GetMethod("Invoke")!.GetParameters().Length < handler.Method.GetParameters().Length;

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    private static Expression Answer(ParameterExpression call, Expression run)
    {
        if (run.Type == typeof(void)) return Expression.Block(run, Expression.Call(call, nameof(EventCall.Complete), null));
        return TaskOf(run.Type) is { } task
            ? Expression.Call(call, nameof(EventCall.CompleteAsync), task.GetGenericArguments(), Expression.Convert(run, task))
            : Expression.Call(call, nameof(EventCall.Complete), [run.Type], run);
    }

    // The task type by which the result is awaited. Null: the result is the ack.
    private static Type? TaskOf(Type returned)
    {
        if (returned == typeof(Task) || returned == typeof(ValueTask)) return returned;
        for (var type = returned; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>))) return type;
        }

        return null;
    }

    private sealed record Code(Func<EventCall, Delegate?, ValueTask> Invoke, HandlerInputs Inputs);
}
