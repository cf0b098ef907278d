namespace SocketIOServer;

/// <summary>Values that a program keeps with a socket, for as long as it lives. Any thread.</summary>
public sealed class SocketData
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object?> _values = [];

    /// <summary>The value of that key; the default of the type where there is none, or one of another type.</summary>
    /// <typeparam name="T">What was set.</typeparam>
    public T? Get<T>(string key)
    {
        lock (_gate) return _values.TryGetValue(key, out var value) && value is T typed ? typed : default;
    }

    /// <summary>Sets a value, over the one that was there.</summary>
    /// <typeparam name="T">What it is to be got as.</typeparam>
    public void Set<T>(string key, T value)
    {
        lock (_gate) _values[key] = value;
    }

    /// <summary>Counts up from 0 and returns the new count.</summary>
    public long Increment(string key)
    {
        lock (_gate)
        {
            var count = _values.TryGetValue(key, out var value) && value is long number ? number + 1 : 1;
            _values[key] = count;
            return count;
        }
    }
}
