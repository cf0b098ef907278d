using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>A client sent binary where a type is read that has no place for it, such as <see cref="JsonElement"/>.</summary>
internal sealed class UncarriedBinaryException(Type type)
    : JsonException($"The client sent binary where {(type == typeof(object) ? "object" : type.Name)} is read, which cannot carry it: take JsonNode, JsonNode?[] or byte[] instead.");
