using System.Collections;
using System.Diagnostics.CodeAnalysis;
using SocketIOServer.Cluster;

namespace SocketIOServer;

/// <summary>
/// The values that a program keeps with a socket, to read: see <see cref="SocketData"/>. All members may be used from any thread.
/// </summary>
#pragma warning disable CA1710 // Its name is that of the property: socket.Data.
public abstract class ReadOnlySocketData : IReadOnlyCollection<KeyValuePair<string, object?>>
#pragma warning restore CA1710
{
    private protected ReadOnlySocketData()
    {
    }

    /// <summary>How many values there are.</summary>
    public abstract int Count { get; }

    /// <summary>Tells whether there is a value under this key.</summary>
    public bool Contains(string key) => TryRead(key, out _);

    /// <summary>The value under this key.</summary>
    /// <typeparam name="T">The type that the value was set as, or a type that it can be cast to.</typeparam>
    /// <param name="key">The key. Upper and lower case differ.</param>
    /// <returns>The value; the default of the type, such as null or 0, if there is none.</returns>
    /// <exception cref="InvalidCastException">The value is of another type. The message names the key and both types.</exception>
    /// <example><code>var name = socket.Data.Get&lt;string&gt;("name") ?? "somebody";</code></example>
    public T? Get<T>(string key) => TryRead(key, out var value) ? Cast<T>(key, value) : default;

    /// <summary>Gets the value under this key if there is one.</summary>
    /// <typeparam name="T">The type that the value was set as, or a type that it can be cast to.</typeparam>
    /// <param name="key">The key. Upper and lower case differ.</param>
    /// <param name="value">The value; the default of the type if there is none.</param>
    /// <returns>False if there is no value under this key.</returns>
    /// <exception cref="InvalidCastException">The value is of another type. The message names the key and both types.</exception>
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        var isThere = TryRead(key, out var found);
        value = isThere ? Cast<T>(key, found)! : default;
        return isThere;
    }

    /// <summary>Enumerates the values as they are at this moment, in no particular order. Changes during the enumeration are not seen.</summary>
    public abstract IEnumerator<KeyValuePair<string, object?>> GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private protected abstract bool TryRead(string key, out object? value);

    private protected static T? Cast<T>(string key, object? value)
    {
        if (value is T typed) return typed;
        if (value is SentValue sent) return sent.Read<T>(key);
        if (value is null && default(T) is null) return default;
        throw new InvalidCastException($"The socket's data \"{key}\" is {(value is null ? "null" : $"a {value.GetType()}")}, not a {typeof(T)}.");
    }
}
