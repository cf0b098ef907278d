using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>
/// How the default options respect nullability. A null for a member that is not nullable, or a constructor parameter that is missing, is an invalid
/// argument. Two rules of System.Text.Json are made milder, because the other side is JavaScript and the program.
/// </summary>
internal static class ClientNulls
{
    /// <summary>A modifier of a resolver.</summary>
    public static void Apply(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            // JSON.stringify leaves out a member that is undefined, so a parameter that may be null may be missing.
            if (property is { IsRequired: true, AssociatedParameter: { IsNullable: true, HasDefaultValue: false, IsMemberInitializer: false } }) property.IsRequired = false;
            // What the program sends is its own: a null there, as of a database, is written and not refused.
            if (property is { Get: not null, IsGetNullable: false, PropertyType.IsValueType: false }) property.IsGetNullable = true;
        }
    }
}
