using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Json;

/// <summary>Reads the arguments of one packet, one after the other, straight into the types asked for.</summary>
internal struct JsonArguments
{
    // JsonSerializerOptions.MaxDepth where nothing else is said.
    private const int DefaultDepth = 64;

    private readonly JsonSerializerOptions _options;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _attachments;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _start;
    private int _position;
    private int _read;

    /// <param name="packet">An event, whose name is passed over, or an ack.</param>
    /// <param name="options">With the binary converters.</param>
    public JsonArguments(in SocketPacket packet, JsonSerializerOptions options)
    {
        _json = packet.Json;
        _attachments = packet.Attachments;
        _options = options;
        _start = _position = packet.ArgumentsStart;
    }

    /// <summary>
    /// What System.Text.Json, converters and constructors that check their arguments throw for text that is not of the type asked for: the client's
    /// fault. Anything else is the program's.
    /// </summary>
    public static bool IsFault(Exception e) =>
        e is JsonException or NotSupportedException or FormatException or OverflowException or ArgumentException
        || e is InvalidOperationException and not ObjectDisposedException;

    /// <summary>Reads the first value of the text. Whole numbers that are written as fractions are integers too (<see cref="WholeNumbers"/>).</summary>
    public static T? Read<T>(ReadOnlySpan<byte> json, JsonSerializerOptions options, out int length)
    {
        var info = options.GetTypeInfo(typeof(T));
        // The serializer says by an exception that it wants an integer; of the integers themselves that is known before.
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

    /// <summary>All of them again.</summary>
    public readonly JsonArguments FromStart() => this with { _position = _start, _read = 0 };

    /// <summary>False: there is no further argument.</summary>
    public bool TryRead<T>(out T? value)
    {
        value = default;
        if (_attachments.Count > 0 && typeof(T) == typeof(JsonElement))
        {
            var isThere = TryReadElement(out var element);
            value = (T?)(object?)element;
            return isThere;
        }

        if (_attachments.Count > 0 && typeof(T) == typeof(JsonNode))
        {
            var isThere = TryReadNode(out var node);
            value = (T?)(object?)node;
            return isThere;
        }

        return TryReadRaw(out value);
    }

    /// <summary>An argument that is not there is read as null, which is an error for an int and none for a string.</summary>
    public T? ReadOrNull<T>() => TryRead<T>(out var value) || default(T) is null ? value : throw new JsonException($"There is no argument for {typeof(T).Name}.");

    private bool TryReadRaw<T>(out T? value)
    {
        value = default;
        if (!MoveToValue()) return false;
        _read++;
        if (typeof(T) == typeof(string) && _json.Span[_position] == '"')
        {
            // The commonest argument, without the serializer's ceremony; it reads a string as this does.
            var reader = new Utf8JsonReader(_json.Span[_position..]);
            reader.Read();
            value = (T?)(object?)reader.GetString();
            _position += (int)reader.BytesConsumed;
            return true;
        }

        // A constructor or a converter of the program's may read another packet meanwhile.
        var outer = BinaryScope.Read;
        BinaryScope.Read = _attachments;
        try
        {
            value = Read<T>(_json.Span[_position..], _options, out var length);
            _position += length;
        }
        finally
        {
            BinaryScope.Read = outer;
        }

        return true;
    }

    /// <summary>The arguments that are left, with binary in its place as a value of byte[]: what is sent again so goes out as binary again.</summary>
    public JsonNode?[] ReadNodes()
    {
        var nodes = new List<JsonNode?>();
        while (TryReadNode(out var node)) nodes.Add(node);
        return [.. nodes];
    }

    /// <summary>The arguments that are left, with binary as base64 text.</summary>
    public JsonElement[] ReadElements()
    {
        if (!MoveToValue()) return [];
        if (_attachments.Count > 0)
        {
            var elements = new List<JsonElement>();
            while (TryReadElement(out var element)) elements.Add(element);
            return [.. elements];
        }

        // All in one document: one for each would cost a message of many small arguments many times its size.
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

    public bool TryReadElement(out JsonElement element)
    {
        if (_attachments.Count == 0) return TryReadRaw(out element);
        element = default;
        if (!TryReadNode(out var node)) return false;
        element = (JsonElement)JsonSerializer.SerializeToElement(node, _options.GetTypeInfo(typeof(JsonNode)));
        return true;
    }

    public bool TryReadNode(out JsonNode? node)
    {
        if (!TryReadRaw(out node)) return false;
        if (_attachments.Count > 0) node = Restore(node);
        return true;
    }

    private static bool IsInteger<T>() =>
        typeof(T) == typeof(int) || typeof(T) == typeof(long) || typeof(T) == typeof(short) || typeof(T) == typeof(byte)
        || typeof(T) == typeof(uint) || typeof(T) == typeof(ulong) || typeof(T) == typeof(ushort) || typeof(T) == typeof(sbyte);

    // As deep as the packet was allowed to be.
    private readonly JsonNode? Restore(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                // The attachment itself, not a copy, however many placeholders name it.
                if (TryGetAttachment(map, out var bytes)) return JsonValue.Create(bytes, (JsonTypeInfo<byte[]>)_options.GetTypeInfo(typeof(byte[])));
                for (var i = 0; i < map.Count; i++)
                {
                    var value = map.GetAt(i).Value;
                    var restored = Restore(value);
                    if (!ReferenceEquals(restored, value)) map.SetAt(i, restored);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var value = list[i];
                    var restored = Restore(value);
                    if (!ReferenceEquals(restored, value)) list[i] = restored;
                }

                break;
        }

        return node;
    }

    // The rules of Placeholders, which the packet was judged by when it came: flat, and the names written exactly so.
    private readonly bool TryGetAttachment(JsonObject map, out byte[] bytes)
    {
        bytes = [];
        var isMarked = false;
        var index = -1;
        foreach (var (name, value) in map)
        {
            if (value is JsonObject or JsonArray) return false;
            if (name == "_placeholder") isMarked = value?.GetValueKind() == JsonValueKind.True;
            if (name == "num") index = value is JsonValue number && number.TryGetValue<int>(out var whole) ? whole : -1;
        }

        if (!isMarked || (uint)index >= (uint)_attachments.Count) return false;
        bytes = BinaryArrayConverter.ToArray(_attachments[index]);
        return true;
    }

    // What is read must be writable in the place of an argument, which is inside an array.
    private static int MaxDepthOf(JsonSerializerOptions options) => Math.Max(1, (options.MaxDepth == 0 ? DefaultDepth : options.MaxDepth) - 1);

    // The JSON was found to be well formed, so only what can stand between values is looked for.
    private bool MoveToValue()
    {
        var span = _json.Span;
        while (_position < span.Length && span[_position] is (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') _position++;
        return _position < span.Length && span[_position] != ']';
    }
}
