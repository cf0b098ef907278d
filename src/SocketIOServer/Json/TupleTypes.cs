using System.Collections.Concurrent;

namespace SocketIOServer.Json;

/// <summary>The declared types of the elements of a ValueTuple.</summary>
internal static class TupleTypes
{
    // A tuple's eighth type is a tuple of the rest.
    private const int Rest = 7;

    private static readonly ConcurrentDictionary<Type, Type[]> Known = new();

    public static Type[] Of(Type tuple) => Known.GetOrAdd(tuple, static type => Flatten(type.GetGenericArguments()));

    private static Type[] Flatten(Type[] types) => types.Length <= Rest ? types : [.. types[..Rest], .. Flatten(types[Rest].GetGenericArguments())];
}
