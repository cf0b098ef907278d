using System.Text.Json;
using System.Text.Json.Nodes;

namespace SocketIOServer.Json;

/// <summary>Reads the arguments of a packet one after the other, directly into the types that a handler takes.</summary>
internal struct JsonArguments
{
    // The default of JsonSerializerOptions.MaxDepth.
    private const int DefaultDepth = 64;

    // The packet was checked against MaxJsonDepth already.
    private const int MaxReadDepth = int.MaxValue;

    private readonly JsonSerializerOptions _options;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _attachments;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _start;
    private int _position;
    private int _read;
    private bool _looksOn;

    /// <param name="packet">An event, whose name is skipped, or an ack.</param>
    /// <param name="encoder">Has the options.</param>
    public JsonArguments(in SocketPacket packet, PacketEncoder encoder)
    {
        _json = packet.Json;
        _attachments = packet.Attachments;
        _options = _attachments.Count == 0 ? encoder.Options : encoder.BinaryOptions;
        _start = _position = packet.ArgumentsStart;
    }

    /// <summary>
    /// Whether the exception says that the text does not match the type, which is the client's fault: System.Text.Json, converters and constructors that check
    /// their arguments throw these. Any other exception is the program's fault.
    /// </summary>
    public static bool IsFault(Exception e) =>
        e is JsonException or NotSupportedException or FormatException or OverflowException or ArgumentException
        || e is InvalidOperationException and not ObjectDisposedException;

    /// <summary>Reads the first value of the text. Whole numbers that are written as fractions are integers too (<see cref="WholeNumbers"/>).</summary>
    public static T? Read<T>(ReadOnlySpan<byte> json, JsonSerializerOptions options, out int length)
    {
        var info = options.GetTypeInfo(typeof(T));
        // The serializer throws if it wants an integer. For the integer types that is known before.
        if (IsInteger<T>() && WholeNumbers.TryWrite(json, out var plain, out length))
        {
            var digits = new Utf8JsonReader(plain);
            return (T?)JsonSerializer.Deserialize(ref digits, info);
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepthOf(options) });
            var value = (T?)JsonSerializer.Deserialize(ref reader, info);
            length = (int)reader.BytesConsumed;
            return value;
        }
        catch (JsonException) when (WholeNumbers.TryWrite(json, out plain, out length))
        {
            var reader = new Utf8JsonReader(plain, new JsonReaderOptions { MaxDepth = MaxDepthOf(options) });
            return (T?)JsonSerializer.Deserialize(ref reader, info);
        }
    }

    /// <summary>The packet's JSON.</summary>
    public readonly ReadOnlyMemory<byte> Json => _json;

    /// <summary>The packet's binary arguments.</summary>
    public readonly IReadOnlyList<ReadOnlyMemory<byte>> Attachments => _attachments;

    /// <summary>The same arguments, from the first.</summary>
    public readonly JsonArguments FromStart() => this with { _position = _start, _read = 0 };

    /// <summary>For a reader that only observes: a JsonElement contains binary as base64 text.</summary>
    public readonly JsonArguments ForLooking() => this with { _looksOn = true };

    /// <summary>Returns false if there is no further argument.</summary>
    public bool TryRead<T>(out T? value)
    {
        value = default;
        if (!MoveToValue()) return false;
        _read++;
        if (typeof(T) == typeof(string) && _json.Span[_position] == '"')
        {
            // The most common argument, without the cost of the serializer, which reads a string in the same way.
            var reader = new Utf8JsonReader(_json.Span[_position..]);
            reader.Read();
            value = (T?)(object?)reader.GetString();
            _position += (int)reader.BytesConsumed;
            return true;
        }

        // A constructor or a converter of the program may read another packet meanwhile.
        var outer = BinaryScope.Enter(_attachments, _looksOn);
        try
        {
            value = Read<T>(_json.Span[_position..], _options, out var length);
            _position += length;
        }
        finally
        {
            BinaryScope.Leave(outer);
        }

        return true;
    }

    /// <summary>Reads one argument as text, without the ones before it. Null: it is null or missing.</summary>
    /// <param name="index">The number of arguments before it.</param>
    /// <param name="text">The text.</param>
    /// <returns>Whether it is a text, null or missing.</returns>
    public bool TryReadText(int index, out string? text)
    {
        text = null;
        for (; MoveToValue(); index--)
        {
            var reader = new Utf8JsonReader(_json.Span[_position..], new JsonReaderOptions { MaxDepth = MaxReadDepth });
            reader.Read();
            if (index == 0)
            {
                if (reader.TokenType == JsonTokenType.String) text = reader.GetString();
                return reader.TokenType is JsonTokenType.String or JsonTokenType.Null;
            }

            reader.Skip();
            _position += (int)reader.BytesConsumed;
        }

        return true;
    }

    /// <summary>Reads a missing argument as null, which is an error for an int and not for a string.</summary>
    public T? ReadOrNull<T>() => TryRead<T>(out var value) || default(T) is null ? value : throw new JsonException($"There is no argument for {typeof(T).Name}.");

    /// <summary>The remaining arguments, with binary as values of byte[], which are sent as binary again.</summary>
    public JsonNode?[] ReadNodes()
    {
        var nodes = new List<JsonNode?>();
        while (TryRead<JsonNode>(out var node)) nodes.Add(node);
        return [.. nodes];
    }

    /// <summary>The remaining arguments. Binary in one of them is a fault, except for a reader that only observes.</summary>
    public JsonElement[] ReadElements()
    {
        if (!MoveToValue()) return [];
        if (_attachments.Count > 0)
        {
            var elements = new List<JsonElement>();
            while (TryRead<JsonElement>(out var element)) elements.Add(element);
            return [.. elements];
        }

        // All in one document. A document for each would need many times the size of a message with many small arguments.
        var reader = new Utf8JsonReader(_json.Span, new JsonReaderOptions { MaxDepth = MaxDepthOf(_options) + 1 });
        var all = (JsonElement)JsonSerializer.Deserialize(ref reader, _options.GetTypeInfo(typeof(JsonElement)))!;
        // An event's name is not among its arguments; an ack has none.
        var passed = _read + (_start > 1 ? 1 : 0);
        var rest = new JsonElement[all.GetArrayLength() - passed];
        var index = -passed;
        foreach (var element in all.EnumerateArray())
        {
            if (index >= 0) rest[index] = element;
            index++;
        }

        _position = _json.Length;
        return rest;
    }

    private static bool IsInteger<T>() =>
        typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(short) || typeof(T) == typeof(byte)
        || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong) || typeof(T) == typeof(ushort) || typeof(T) == typeof(sbyte);

    // What is read must also be writable as an argument, which is inside an array.
    private static int MaxDepthOf(JsonSerializerOptions options) => Math.Max(1, (options.MaxDepth == 0 ? DefaultDepth : options.MaxDepth) - 1);

    // The JSON has been validated, so only what can stand between values is skipped.
    private bool MoveToValue()
    {
        var span = _json.Span;
        while (_position < span.Length && span[_position] is (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') _position++;
        return _position < span.Length && span[_position] != ']';
    }
}
