namespace SocketIOServer;

/// <summary>
/// The values that a program keeps with a socket, for as long as the socket lives. All members may be used from any thread.
/// </summary>
/// <example>
/// <code>
/// io.OnConnecting(([FromAuth] Guest guest, ISocket socket) => socket.Data.Set("name", guest.Name))
///     .On("say", (string text, ISocket socket) => socket.Everyone.EmitAsync("said", socket.Data.Get&lt;string&gt;("name"), text));
/// </code>
/// </example>
public sealed class SocketData : ReadOnlySocketData
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int Count
    {
        get
        {
            lock (_gate) return _values.Count;
        }
    }

    /// <summary>Sets a value. It replaces the one that was there, of whichever type.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key. Upper and lower case differ.</param>
    /// <param name="value">The value; null is a value too.</param>
    public void Set<T>(string key, T value)
    {
        lock (_gate) _values[key] = value;
    }

    /// <summary>Removes a value.</summary>
    /// <returns>False if there was none under this key.</returns>
    public bool Remove(string key)
    {
        lock (_gate) return _values.Remove(key);
    }

    /// <summary>Removes all values.</summary>
    public void Clear()
    {
        lock (_gate) _values.Clear();
    }

    /// <summary>Adds 1 to a number, and begins at 0 if there is none. Calls on several threads at once count each.</summary>
    /// <param name="key">The key of an <see cref="int"/> or a <see cref="long"/>. A number that begins here is a <see cref="long"/>.</param>
    /// <returns>The new number.</returns>
    /// <exception cref="InvalidCastException">The value is not such a number. The message names the key and both types.</exception>
    /// <exception cref="OverflowException">The number cannot become larger.</exception>
    public long Increment(string key)
    {
        lock (_gate)
        {
            if (_values.GetValueOrDefault(key) is int small)
            {
                _values[key] = checked(++small);
                return small;
            }

            var count = _values.TryGetValue(key, out var value) ? checked(Cast<long>(key, value) + 1) : 1;
            _values[key] = count;
            return count;
        }
    }

    /// <inheritdoc/>
    public override IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        KeyValuePair<string, object?>[] copy;
        lock (_gate) copy = [.. _values];
        return copy.AsEnumerable().GetEnumerator();
    }

    private protected override bool TryRead(string key, out object? value)
    {
        lock (_gate) return _values.TryGetValue(key, out value);
    }
}
