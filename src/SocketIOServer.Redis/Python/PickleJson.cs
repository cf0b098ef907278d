using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace SocketIOServer.Redis;

/// <summary>
/// Turns the pickled message of python-socketio before 5.14 into the JSON of later versions, for <see cref="PythonMessageReader"/>. In a pickle, data is the one
/// argument as it is, a tuple of several, or None; bytes lie inside and become placeholders. What a pickle contains several times is written several times, so
/// the size of what comes out is bounded here.
/// </summary>
internal sealed class PickleJson
{
    private readonly Utf8JsonWriter _writer;
    private readonly List<ReadOnlyMemory<byte>> _attachments = [];
    private int _values = PickleReader.MaxValues;
    private long _bytes;

    private PickleJson(Utf8JsonWriter writer, int maxBytes) => (_writer, _bytes) = (writer, maxBytes);

    /// <returns>False: it is no plain data, or has more than it may have. Never throws.</returns>
    public static bool TryConvert(ReadOnlySpan<byte> pickle, int maxBytes, out ReadOnlyMemory<byte> json, out IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        (json, attachments) = (default, []);
        if (!PickleReader.TryRead(pickle, out var value) || value is not PickledDict message) return false;
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true });
        var output = new PickleJson(writer, maxBytes);
        if (!output.TryWrite(message)) return false;
        writer.Flush();
        (json, attachments) = (buffer.WrittenMemory, output._attachments);
        return true;
    }

    private bool TryWrite(PickledDict message)
    {
        _writer.WriteStartObject();
        foreach (var (key, value) in message.Items)
        {
            if (!TryWriteKey(key) || !(key is "data" ? TryWriteArguments(value) : TryWrite(value, depth: 1))) return false;
        }

        _writer.WriteEndObject();
        return true;
    }

    private bool TryWriteArguments(object? data) => data switch
    {
        null => TryWriteItems([], depth: 1),
        PickledList { IsTuple: true } tuple => TryWriteItems(tuple.Items, depth: 1),
        _ => TryWriteItems([data], depth: 1),
    };

    private bool TryWrite(object? value, int depth)
    {
        if (--_values < 0 || depth > PythonMessageReader.MaxDepth) return false;
        switch (value)
        {
            case null:
                _writer.WriteNullValue();
                return true;
            case bool flag:
                _writer.WriteBooleanValue(flag);
                return true;
            case long number:
                _writer.WriteNumberValue(number);
                return true;
            case BigInteger number:
                _writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
                return true;
            case double real when double.IsFinite(real):
                _writer.WriteNumberValue(real);
                return true;
            case double:
                // JSON has no such number. JavaScript writes null, too.
                _writer.WriteNullValue();
                return true;
            case string text:
                if (!TrySpend(text.Length)) return false;
                _writer.WriteStringValue(text);
                return true;
            case byte[] bytes:
                return TryAttach(bytes);
            case PickledList list:
                return TryWriteItems(list.Items, depth);
            default:
                return TryWriteMembers((PickledDict)value, depth);
        }
    }

    private bool TryWriteItems(List<object?> items, int depth)
    {
        _writer.WriteStartArray();
        foreach (var item in items)
        {
            if (!TryWrite(item, depth + 1)) return false;
        }

        _writer.WriteEndArray();
        return true;
    }

    private bool TryWriteMembers(PickledDict dict, int depth)
    {
        _writer.WriteStartObject();
        foreach (var (key, value) in dict.Items)
        {
            if (!TryWriteKey(key) || !TryWrite(value, depth + 1)) return false;
        }

        _writer.WriteEndObject();
        return true;
    }

    // As json.dumps of Python has it.
    private bool TryWriteKey(object? key)
    {
        var text = key switch
        {
            string name => name,
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
        if (text is null || !TrySpend(text.Length)) return false;
        _writer.WritePropertyName(text);
        return true;
    }

    private bool TryAttach(byte[] bytes)
    {
        if (_attachments.Count == PythonMessageReader.MaxNames || !TrySpend(bytes.Length)) return false;
        _writer.WriteStartObject();
        _writer.WriteBoolean("_placeholder"u8, true);
        _writer.WriteNumber("num"u8, _attachments.Count);
        _writer.WriteEndObject();
        _attachments.Add(bytes);
        return true;
    }

    private bool TrySpend(int bytes) => (_bytes -= bytes) >= 0;
}
