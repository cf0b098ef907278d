using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>
/// Keeps a property's or a type's [JsonNumberHandling] in force for floating-point numbers: System.Text.Json passes it to its own converters only,
/// and <see cref="FiniteConverter{T}"/> stands in their place. Such a property is read and written with a copy of the options that has its handling.
/// </summary>
internal sealed class OwnNumberHandling(Func<JsonSerializerOptions> options)
{
    private readonly ConcurrentDictionary<JsonNumberHandling, JsonSerializerOptions> _copies = new();

    /// <summary>A modifier of a resolver.</summary>
    public void Apply(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if ((property.NumberHandling ?? type.NumberHandling) is not { } handling || handling == type.Options.NumberHandling) continue;
            if (property.CustomConverter is not null || !HasFloats(property.PropertyType)) continue;
            // The serializer allows it only with its own converters.
            property.NumberHandling = null;
            property.CustomConverter = new Converter(this, property.PropertyType, handling);
        }
    }

    private static bool HasFloats(Type type) =>
        type == typeof(double) || type == typeof(float) || type == typeof(Half)
        || type.IsArray && HasFloats(type.GetElementType()!)
        || type.IsGenericType && type.GetGenericArguments().Any(HasFloats);

    private JsonTypeInfo InfoOf(Type type, JsonNumberHandling handling) =>
        _copies.GetOrAdd(handling, static (handling, original) => new(original()) { NumberHandling = handling }, options).GetTypeInfo(type);

    /// <summary>For properties of any type: the serializer casts.</summary>
    private sealed class Converter(OwnNumberHandling owner, Type type, JsonNumberHandling handling) : JsonConverter<object?>
    {
        public override bool CanConvert(Type typeToConvert) => true;

        public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, owner.InfoOf(type, handling));

        public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, owner.InfoOf(type, handling));
    }
}
