using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>Decides what fills a parameter of a handler: the call itself, a service or the client. Refuses what nothing can fill.</summary>
internal sealed class ParameterBinder(ServiceCheck services, ClientTypes clients)
{
    private static readonly Dictionary<Type, string> Given = new()
    {
        [typeof(ISocket)] = nameof(EventCall.Socket),
        [typeof(ISocketServer)] = nameof(EventCall.Server),
        [typeof(ISocketNamespace)] = nameof(EventCall.Everyone),
        [typeof(Handshake)] = nameof(EventCall.Handshake),
        [typeof(ClaimsPrincipal)] = nameof(EventCall.User),
        [typeof(CancellationToken)] = nameof(EventCall.Disconnected),
        [typeof(LeaveReason)] = nameof(EventCall.Reason),
        [typeof(ISession)] = nameof(EventCall.Session),
    };

    private static readonly Type[] GivenWithoutClient = [typeof(ISocketServer), typeof(ISocketNamespace), typeof(CancellationToken)];

    /// <param name="name">The event or hook, for messages.</param>
    /// <param name="call">The <see cref="EventCall"/>.</param>
    /// <param name="parameters">Of the handler.</param>
    /// <param name="kind">What the handler is called for.</param>
    /// <param name="inputs">Gets a text for each parameter that the client or a service fills.</param>
    /// <exception cref="ArgumentException">Nothing can fill a parameter.</exception>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public Expression[] Fill(string name, ParameterExpression call, ParameterInfo[] parameters, HandlerKind kind, HandlerInputs inputs)
    {
        var nullability = new NullabilityInfoContext();
        // The first text that a handler of all events takes is the event's name.
        var nameOfAny = kind == HandlerKind.Any ? Array.Find(parameters, parameter => parameter.ParameterType == typeof(string)) : null;
        var filled = Array.ConvertAll(parameters, parameter => parameter == nameOfAny
            ? Expression.Property(call, nameof(EventCall.Name))
            : Fill(name, call, parameter, kind, nullability, inputs));
        // On a parameter that is filled in another way.
        if (inputs.RetryKey is null && Array.Find(parameters, HasRetryKey) is { } parameter)
            throw Refuse(name, parameter, "[RetryKey] marks an argument of an event that the client sends.");
        return filled;
    }

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    private Expression Fill(string name, ParameterExpression call, ParameterInfo parameter, HandlerKind kind, NullabilityInfoContext nullability, HandlerInputs inputs)
    {
        var type = parameter.ParameterType;
        if (Given.TryGetValue(type, out var property))
        {
            if (type == typeof(LeaveReason) && kind != HandlerKind.LeaveHook) throw Refuse(name, parameter, "Only OnDisconnecting and OnDisconnected have a LeaveReason.");
            if (kind == HandlerKind.Cluster && !GivenWithoutClient.Contains(type)) throw Refuse(name, parameter, "An event of another server comes from no client.");
            return Expression.Property(call, property);
        }

        var text = $"{TypeNames.Of(type)} {parameter.Name}";
        var slot = SlotOf(parameter, nullability);
        foreach (var attribute in parameter.GetCustomAttributes())
        {
            switch (attribute)
            {
                case FromAuthAttribute:
                    if (kind == HandlerKind.Cluster) throw Refuse(name, parameter, "An event of another server comes from no client.");
                    CheckClient(name, parameter);
                    inputs.FromClient.Add("auth: " + text);
                    return Call(nameof(EventCall.Auth), [type]);
                case EventNameAttribute when type == typeof(string):
                    return Expression.Property(call, nameof(EventCall.Name));
                case FromKeyedServicesAttribute keyed:
                    if (!slot.IsOptional && !services.MayBeService(type, keyed.Key)) throw Refuse(name, parameter, $"No service of that type is registered with the key \"{keyed.Key}\".");
                    inputs.FromServices.Add(text);
                    return Expression.Call(call, nameof(EventCall.KeyedService), [type], Expression.Constant(keyed.Key, typeof(object)), Expression.Constant(slot));
                case IFromServiceMetadata:
                    if (!slot.IsOptional && !services.MayBeService(type)) throw Refuse(name, parameter, "No service of that type is registered.");
                    inputs.FromServices.Add(text);
                    return Call(nameof(EventCall.Service), [type]);
            }
        }

        if (services.IsService(type))
        {
            inputs.FromServices.Add(text);
            return Call(nameof(EventCall.Service), [type]);
        }

        CheckClient(name, parameter);
        if (kind is HandlerKind.Hook or HandlerKind.LeaveHook)
            throw Refuse(name, parameter, "The hooks of a connection have no arguments, and no service of that type is registered.");
        inputs.FromClient.Add(text);
        if (HasRetryKey(parameter)) inputs.RetryKey = SlotOfKey(name, parameter, kind, inputs);
        inputs.ArgumentCount++;
        inputs.TakesRest |= type == typeof(JsonElement[]) || type == typeof(JsonNode[]);
        if (type == typeof(JsonElement[])) return Call(nameof(EventCall.Elements), null);
        if (type == typeof(JsonNode[])) return Call(nameof(EventCall.Nodes), null);
        return Call(nameof(EventCall.Argument), [type]);

        Expression Call(string method, Type[]? types) => Expression.Call(call, method, types, Expression.Constant(slot));
    }

    private static bool HasRetryKey(ParameterInfo parameter) => parameter.IsDefined(typeof(RetryKeyAttribute));

    private static RetryKeySlot SlotOfKey(string name, ParameterInfo parameter, HandlerKind kind, HandlerInputs inputs)
    {
        if (parameter.ParameterType != typeof(string)) throw Refuse(name, parameter, "A parameter with [RetryKey] is a string.");
        if (kind != HandlerKind.Event) throw Refuse(name, parameter, "Only the handler of an event that clients send has a [RetryKey].");
        if (inputs.RetryKey is not null) throw Refuse(name, parameter, "A handler has one [RetryKey].");
        if (inputs.TakesRest) throw Refuse(name, parameter, "A parameter before it takes all arguments.");
        return new(parameter.Name ?? "", inputs.ArgumentCount);
    }

    private static ParameterSlot SlotOf(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        var type = parameter.ParameterType;
        var allowsNull = Nullable.GetUnderlyingType(type) is not null
            || !type.IsValueType && nullability.Create(parameter).WriteState != NullabilityState.NotNull;
        return new(
            parameter.Name ?? "",
            parameter.HasDefaultValue || allowsNull,
            // JSON's null is a JsonNode that is null.
            allowsNull || type == typeof(JsonNode),
            parameter.HasDefaultValue ? parameter.DefaultValue : null);
    }

    private void CheckClient(string name, ParameterInfo parameter)
    {
        if (clients.AdviceFor(parameter.ParameterType) is { } advice) throw Refuse(name, parameter, advice);
    }

    private static ArgumentException Refuse(string name, ParameterInfo parameter, string advice) =>
        new($"The handler of \"{name}\" cannot take the parameter \"{TypeNames.Of(parameter.ParameterType)} {parameter.Name}\". {advice}");
}
