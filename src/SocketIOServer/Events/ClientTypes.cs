using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Events;

/// <summary>
/// Decides which types a client can send. A parameter that the server does not fill is read from the client's JSON, so an unregistered service would be
/// created from what the client sends. Such a type is refused when the handler is mapped, with advice on what to write instead.
/// </summary>
/// <param name="options">The options that arguments are read with.</param>
internal sealed class ClientTypes(JsonSerializerOptions options)
{
    /// <summary>What to write instead. Null: a client can send it.</summary>
    public string? AdviceFor(Type type) => AdviceFor(type, []);

    private string? AdviceFor(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type)) return null;
        if (Known(type) is { } known) return known;
        if (!options.TryGetTypeInfo(type, out var info))
            return $"The resolver of options.Json does not know {TypeNames.Of(type)}: name it in a JsonSerializerContext.";
        if (Nullable.GetUnderlyingType(type) is { } value) return AdviceFor(value, seen);
        // A converter reads it: one of System.Text.Json, of this library or of the program.
        if (info.Kind == JsonTypeInfoKind.None || info.PolymorphismOptions is not null) return null;
        if ((type.IsInterface || type.IsAbstract) && !IsReadableCollection(info))
        {
            var kind = type.IsInterface ? "an interface" : "an abstract class";
            return $"{TypeNames.Of(type)} is {kind}, which JSON cannot create. {RegisterOr(type, "take a class or a record")}";
        }

        return info.Kind == JsonTypeInfoKind.Object
            ? AdviceForObject(info, seen)
            : info.ElementType is { } element ? AdviceFor(element, seen) : null;
    }

    // Types that are never an argument, even if the serializer accepts them.
    private static string? Known(Type type)
    {
        if (type.IsByRef) return "It is passed by reference: take it by value.";
        if (type.IsPointer || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint)) return "A pointer cannot be sent.";
        if (type.IsByRefLike) return $"{TypeNames.Of(type)} exists only on the stack: take byte[], ReadOnlyMemory<byte> or another type of the heap.";
        if (typeof(Delegate).IsAssignableFrom(type)) return "A client's callback is not a parameter: return a value from the handler, and the callback gets it as the ack.";
        if (typeof(HttpContext).IsAssignableFrom(type) || typeof(HttpRequest).IsAssignableFrom(type) || typeof(HttpResponse).IsAssignableFrom(type))
            return "The HTTP request may have ended when the event comes: take Handshake, which has its headers, query and address, or ClaimsPrincipal.";
        if (type == typeof(ILogger)) return "Take ILogger<T>, such as ILogger<Program>.";
        if (typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || IsGeneric(type, typeof(ValueTask<>))) return "An argument is complete when the handler runs: take its value, without a task.";
        if (typeof(Stream).IsAssignableFrom(type) && type != typeof(Stream)) return "Take Stream or byte[] for binary.";
        if (typeof(System.Security.Principal.IPrincipal).IsAssignableFrom(type) || typeof(System.Security.Principal.IIdentity).IsAssignableFrom(type)) return "Take ClaimsPrincipal for the user.";
        if (IsGeneric(type, typeof(TypedClients<>))) return "Take ISocket and use As<TClient>(), or write the handler as a method of a SocketController<TClient>, which has Clients.";
        if (typeof(ReadOnlySocketData).IsAssignableFrom(type)) return "Take ISocket and use its Data.";
        if (typeof(IEmitter).IsAssignableFrom(type)) return "Take ISocket, ISocketNamespace or ISocketServer.";
        return typeof(MemberInfo).IsAssignableFrom(type) || typeof(Assembly).IsAssignableFrom(type) ? "Reflection cannot be sent." : null;
    }

    private string? AdviceForObject(JsonTypeInfo info, HashSet<Type> seen)
    {
        var type = info.Type;
        if (typeof(IDisposable).IsAssignableFrom(type) || typeof(IAsyncDisposable).IsAssignableFrom(type))
            return $"{TypeNames.Of(type)} is disposable, and nobody would dispose of one that a client sent. {RegisterOr(type, "take a class without Dispose")}";
        if (info.CreateObject is null)
        {
            if (info.ConstructorAttributeProvider is ConstructorInfo constructor)
            {
                foreach (var parameter in constructor.GetParameters())
                {
                    var property = info.Properties.FirstOrDefault(property => property.AssociatedParameter?.Position == parameter.Position);
                    if (property is null)
                        return $"Its constructor takes \"{TypeNames.Of(parameter.ParameterType)} {parameter.Name}\", which is not one of its properties, so JSON cannot create it. {RegisterOr(type, "take another type")}";
                    if (property.CustomConverter is null && AdviceFor(parameter.ParameterType, seen) is not null)
                        return $"Its constructor takes \"{TypeNames.Of(parameter.ParameterType)} {parameter.Name}\", which a client cannot send. {RegisterOr(type, "take another type")}";
                }
            }
            else if (!info.Properties.Any(property => property.AssociatedParameter is not null))
            {
                return $"{TypeNames.Of(type)} has no constructor that JSON can use: one without parameters, a single public one, or one with [JsonConstructor]. {RegisterOr(type, "take another type")}";
            }
        }

        return info.Properties.Any(property => IsFilled(property, info))
            ? null
            : $"{TypeNames.Of(type)} has no property that JSON could set. {RegisterOr(type, "take JsonElement")}";
    }

    private bool IsFilled(JsonPropertyInfo property, JsonTypeInfo info) =>
        property.Set is not null || property.AssociatedParameter is not null || property.IsExtensionData
        || (property.ObjectCreationHandling ?? info.PreferredPropertyObjectCreationHandling ?? options.PreferredObjectCreationHandling) == JsonObjectCreationHandling.Populate;

    // System.Text.Json creates a List<T>, a HashSet<T> or a Dictionary<K, V> for the collection interfaces of .NET.
    private static bool IsReadableCollection(JsonTypeInfo info) =>
        info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary
        && info.Type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true && !IsGeneric(info.Type, typeof(IAsyncEnumerable<>));

    private static string RegisterOr(Type type, string otherwise) =>
        $"If it is a service, register it, as by builder.Services.AddScoped<{TypeNames.Of(type)}{(type.IsInterface || type.IsAbstract ? ", …" : "")}>(); otherwise {otherwise}.";

    private static bool IsGeneric(Type type, Type open) => type.IsGenericType && type.GetGenericTypeDefinition() == open;
}
