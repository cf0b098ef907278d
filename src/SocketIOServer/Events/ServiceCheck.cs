using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Events;

/// <summary>Finds out when handlers are mapped whether the container has what they and their classes need.</summary>
/// <param name="services">Null: the container does not tell, and nothing is refused.</param>
internal sealed class ServiceCheck(IServiceProviderIsService? services)
{
    /// <summary>A type that a parameter is filled with without an attribute. The container says yes to every IEnumerable of T, which is an argument here.</summary>
    public bool IsService(Type type) =>
        !(type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)) && services?.IsService(type) == true;

    /// <summary>For [FromServices]: no container that tells says that it has none.</summary>
    public bool MayBeService(Type type) => services?.IsService(type) != false;

    /// <summary>For [FromKeyedServices].</summary>
    public bool MayBeService(Type type, object? key) => services is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(type, key);

    /// <summary>A class that is registered, or that is created for each call with services in its constructor.</summary>
    /// <exception cref="ArgumentException">No constructor gets all that it takes.</exception>
    public void CheckConstructors([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
    {
        // How a registered one is created is the container's matter.
        if (services is null || services.IsService(type)) return;
        if (type.IsAbstract) throw new ArgumentException($"{TypeNames.Of(type)} is abstract, so no instance can be created for an event.");
        var constructors = type.GetConstructors();
        var chosen = constructors.Where(constructor => constructor.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute))).ToArray();
        if (chosen.Length > 0) constructors = chosen;
        var missing = constructors.Select(constructor => Array.Find(constructor.GetParameters(), parameter => !IsAvailable(parameter))).ToArray();
        if (missing.Length == 0) throw new ArgumentException($"{TypeNames.Of(type)} has no public constructor.");
        if (Array.TrueForAll(missing, static parameter => parameter is not null)) throw new ArgumentException(Describe(type, missing[^1]!));
    }

    private bool IsAvailable(ParameterInfo parameter) =>
        parameter.HasDefaultValue
        || (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed ? MayBeService(parameter.ParameterType, keyed.Key) : MayBeService(parameter.ParameterType));

    private static string Describe(Type type, ParameterInfo parameter)
    {
        var name = TypeNames.Of(parameter.ParameterType);
        var advice = parameter.ParameterType switch
        {
            var given when typeof(IEmitter).IsAssignableFrom(given) || given == typeof(Handshake) =>
                "The socket is not known in the constructor: use the property Socket, or take it as a parameter of the handler.",
            var logger when logger == typeof(ILogger) => $"Take ILogger<{TypeNames.Of(type)}>.",
            { IsInterface: true } or { IsAbstract: true } => $"Register it, as by builder.Services.AddScoped<{name}, …>().",
            _ => $"Register it, as by builder.Services.AddScoped<{name}>().",
        };
        return $"The constructor of {TypeNames.Of(type)} takes \"{name} {parameter.Name}\", which is not a registered service. {advice}";
    }
}
