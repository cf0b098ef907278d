using System.Text;
using System.Text.Json;
using SocketIOServer.Json;

namespace SocketIOServer.Testing;

/// <summary>The arguments of an event or of an ack as they came from the server. Read with the server's own JSON options.</summary>
public sealed class SocketIOTestArguments
{
    private readonly JsonArguments _arguments;

    internal SocketIOTestArguments(JsonArguments arguments) => _arguments = arguments.ForLooking();

    /// <summary>How many there are.</summary>
    public int Count => _arguments.FromStart().ReadElements().Length;

    /// <summary>One of them, read anew each time. A byte[] or ReadOnlyMemory&lt;byte&gt; takes binary, also within an object; in a JsonElement it is base64 text.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    /// <exception cref="JsonException">It is no such thing.</exception>
    public T Get<T>(int index = 0)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index), $"There is no argument {index} in {this}.");
        var rest = _arguments.FromStart();
        for (var i = 0; i < index; i++) rest.TryRead<JsonElement>(out _);
        rest.TryRead<T>(out var value);
        return value!;
    }

    /// <summary>As it was sent: of an event with its name first, binary as placeholders.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_arguments.Json.Span);
}
