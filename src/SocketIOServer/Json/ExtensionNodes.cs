using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>
/// Reads and restores a <see cref="JsonObject"/> that takes the members without a property ([JsonExtensionData]). The serializer fills such an object only with
/// its own converter, and throws if the options have another one for the type.
/// </summary>
internal static class ExtensionNodes
{
    // The objects that were created here. Those that stay empty are removed again.
    private static readonly ConditionalWeakTable<JsonObject, object> Made = [];

    /// <summary>A modifier of a resolver.</summary>
    public static void Restore(JsonTypeInfo type)
    {
        if (type.Properties.FirstOrDefault(each => each.IsExtensionData && each.PropertyType == typeof(JsonObject)) is not { Get: { } get } property) return;
        property.CustomConverter = JsonMetadataServices.JsonObjectConverter;
        var (set, before, after) = (property.Set, type.OnDeserializing, type.OnDeserialized);
        type.OnDeserializing = value =>
        {
            before?.Invoke(value);
            if (get(value) is not null || set is null) return;
            var empty = new JsonObject(new() { PropertyNameCaseInsensitive = type.Options.PropertyNameCaseInsensitive });
            Made.Add(empty, empty);
            set(value, empty);
        };
        type.OnDeserialized = value =>
        {
            if (get(value) is JsonObject rest)
            {
                if (Made.Remove(rest) && rest.Count == 0) set!(value, null);
                else RestoreMembers(rest, type);
            }

            after?.Invoke(value);
        };
    }

    // The object itself is not a placeholder, whatever its members are called.
    private static void RestoreMembers(JsonObject rest, JsonTypeInfo type)
    {
        if (BinaryScope.Read is not { } attachments) return;
        for (var i = 0; i < rest.Count; i++)
        {
            var value = rest.GetAt(i).Value;
            var restored = BinaryNodes.Restore(value, attachments, type.Options);
            if (!ReferenceEquals(restored, value)) rest.SetAt(i, restored);
        }
    }
}
