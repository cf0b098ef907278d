using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>
/// How the default options respect nullability. A null for a member that is not nullable, or a constructor parameter that is missing, is an invalid
/// argument. Two rules of System.Text.Json are relaxed, for JavaScript clients and for what the program sends.
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
            // Only what clients send is checked: a null that the program sends, for example of a database, is written.
            if (property is { Get: not null, IsGetNullable: false, PropertyType.IsValueType: false }) property.IsGetNullable = true;
        }

        if (type.Type.IsValueType && type.CreateObject is { } create) RequireMembersOf(create, type);
    }

    // System.Text.Json makes a record struct without its constructor, so a member that the client leaves out would be null.
    private static void RequireMembersOf(Func<object> create, JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property is { Get: { } get, Set: not null, IsSetNullable: false, PropertyType.IsValueType: false } && IsNullIn(create, get)) property.IsRequired = true;
        }
    }

    private static bool IsNullIn(Func<object> create, Func<object, object?> get)
    {
        try
        {
            return get(create()) is null;
        }
        catch (Exception)
        {
            // A constructor or a getter of the program. What happens when it throws is decided when a client sends the value.
            return false;
        }
    }
}
