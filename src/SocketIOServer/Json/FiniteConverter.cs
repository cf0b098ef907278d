using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>
/// Reads floating-point numbers as System.Text.Json does, and refuses what cannot be written again: 1e999, which is read as infinity, and the text
/// "NaN", which the web defaults read as a number. Otherwise one message of a client would make every later emit of that value throw.
/// </summary>
/// <param name="inner">The converter of System.Text.Json. It gets the number handling of the options only from the serializer.</param>
internal sealed class FiniteConverter<T>(JsonConverter<T> inner) : JsonConverter<T>, IJsonTypeInfoResolver
    where T : struct, IFloatingPoint<T>
{
    private const JsonNumberHandling All =
        JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowNamedFloatingPointLiterals;

    // The serializer's metadata of the type for each handling.
    private readonly JsonTypeInfo<T>?[] _infos = new JsonTypeInfo<T>?[(int)All + 1];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var handling = options.NumberHandling;
        var value = reader.TokenType == JsonTokenType.Number || handling == JsonNumberHandling.Strict
            ? inner.Read(ref reader, typeToConvert, options)
            : JsonSerializer.Deserialize(ref reader, InfoOf(handling));
        // A program that allows "NaN" and "Infinity" as texts can write them too.
        return T.IsFinite(value) || handling.HasFlag(JsonNumberHandling.AllowNamedFloatingPointLiterals) ? value : throw NotFinite();
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (options.NumberHandling is JsonNumberHandling.Strict or JsonNumberHandling.AllowReadingFromString) inner.Write(writer, value, options);
        else JsonSerializer.Serialize(writer, value, InfoOf(options.NumberHandling));
    }

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = inner.ReadAsPropertyName(ref reader, typeToConvert, options);
        return T.IsFinite(value) ? value : throw NotFinite();
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        inner.WriteAsPropertyName(writer, value, options);

    JsonTypeInfo? IJsonTypeInfoResolver.GetTypeInfo(Type type, JsonSerializerOptions options) =>
        type == typeof(T) ? JsonMetadataServices.CreateValueInfo<T>(options, inner) : null;

    private static JsonException NotFinite() => new("The number is not finite.");

    private JsonTypeInfo<T> InfoOf(JsonNumberHandling handling) =>
        _infos[(int)(handling & All)] ??= (JsonTypeInfo<T>)new JsonSerializerOptions { NumberHandling = handling, TypeInfoResolver = this }.GetTypeInfo(typeof(T));
}
