using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>
/// Leaves out members that are an <see cref="ImmutableArray{T}"/> or <see cref="ArraySegment{T}"/> without an array. A client causes one by leaving
/// out the member, and System.Text.Json throws when it writes one.
/// </summary>
internal static class MissingCollections
{
    /// <summary>A modifier of a resolver.</summary>
    public static void LeaveOut(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            // The hash code of both is 0 without an array, and no array has the hash code 0.
            if (IsStructOverArray(property.PropertyType)) property.ShouldSerialize ??= static (_, value) => value?.GetHashCode() != 0;
        }
    }

    private static bool IsStructOverArray(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(ImmutableArray<>) || open == typeof(ArraySegment<>));
}
