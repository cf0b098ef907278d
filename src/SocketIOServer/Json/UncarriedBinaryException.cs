using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>A client sent binary in the place of a type that cannot contain it, such as <see cref="JsonElement"/>.</summary>
internal sealed class UncarriedBinaryException(Type type)
    : JsonException($"The client sent binary where {(type == typeof(object) ? "object" : type.Name)} is read, which cannot carry it: take JsonNode, JsonNode?[] or byte[] instead.");
