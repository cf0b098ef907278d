using System.Text;
using System.Text.Json;
using SocketIOServer.Json;

namespace SocketIOServer.Testing;

/// <summary>The arguments of an event or of an ack that a client received. They are read with the server's own JSON options.</summary>
public sealed class SocketIOTestArguments
{
    private readonly JsonArguments _arguments;

    internal SocketIOTestArguments(JsonArguments arguments) => _arguments = arguments.ForLooking();

    /// <summary>The number of arguments.</summary>
    public int Count => _arguments.FromStart().ReadElements().Length;

    /// <summary>
    /// Reads one argument. It is read again for each call. Binary data becomes a byte[] or ReadOnlyMemory&lt;byte&gt;, also within an object; in a JsonElement
    /// it is base64 text.
    /// </summary>
    /// <param name="index">The index of the argument, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no argument with this index.</exception>
    /// <exception cref="JsonException">The argument cannot be read as a <typeparamref name="T"/>.</exception>
    public T Get<T>(int index = 0)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), $"There is no argument {index} in {this}.");
        var rest = _arguments.FromStart();
        for (var i = 0; i < index; i++) rest.TryRead<JsonElement>(out _);
        rest.TryRead<T>(out var value);
        return value!;
    }

    /// <summary>The JSON as it was sent. An event begins with its name, and binary data is replaced by placeholders.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_arguments.Json.Span);
}
