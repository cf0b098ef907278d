using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SocketIOServer.Redis;

/// <summary>
/// Reads the JSON of python-socketio 5.14 and later:
/// <c>{"method": "emit", "event": "hi", "data": ["x", 2], "binary": false, "namespace": "/", "room": null, "skip_sid": null, "callback": null, "host_id": "…"}</c>.
/// With binary, data is <c>[[arguments with placeholders], "base64", …]</c>. Keys may come in any order, and unknown ones are passed over.
/// </summary>
internal ref struct PythonMessageReader
{
    /// <summary>Nesting of an event's arguments.</summary>
    public const int MaxDepth = 64;

    /// <summary>Rooms in one list, and binary values in one message.</summary>
    public const int MaxNames = 1000;

    // The message and the list of arguments around an argument.
    private const int Envelope = 3;

    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private string? _method;
    private string? _namespace;
    private string? _hostId;
    private string? _cluster;
    private string? _sid;
    private ImmutableArray<string> _rooms;
    private ImmutableArray<string> _skipped;
    private PythonCallback? _callback;
    private Range? _event;
    private Range? _data;
    private Range? _arguments;
    private bool _isBinary;
    private long _id = -1;
    private long _argumentCount = -1;

    private PythonMessageReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth + Envelope });
    }

    /// <param name="json">The message.</param>
    /// <param name="attachments">Binary that the placeholders in the message stand for; null where the message says it itself.</param>
    /// <param name="message">What it says.</param>
    /// <returns>False: it is not well formed, has more than it may have, or a value of another type than it must have. Never throws.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>>? attachments, out PythonMessage message)
    {
        message = default;
        if (!Utf8.IsValid(json)) return false;
        try
        {
            var reader = new PythonMessageReader(json);
            return reader.TryFindAll() && reader.TryMake(attachments, out message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text that is half of a surrogate pair.
            return false;
        }
    }

    private bool TryFindAll()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryFindMember()) return false;
        }

        // Throws where there is more behind it.
        return _reader.TokenType == JsonTokenType.EndObject && !_reader.Read();
    }

    private bool TryFindMember()
    {
        if (IsKey("method"u8)) return TryReadText(out _method) && _method is not null;
        if (IsKey("namespace"u8)) return TryReadText(out _namespace);
        if (IsKey("host_id"u8)) return TryReadText(out _hostId);
        if (IsKey("cluster"u8)) return TryReadText(out _cluster);
        if (IsKey("sid"u8)) return TryReadName(out _sid);
        if (IsKey("room"u8)) return TryReadNames(out _rooms);
        if (IsKey("skip_sid"u8)) return TryReadNames(out _skipped);
        if (IsKey("callback"u8)) return TryReadCallback();
        if (IsKey("event"u8)) return TryFindNext(out _event) && _reader.TokenType == JsonTokenType.String;
        if (IsKey("data"u8)) return TryFindNext(out _data);
        if (IsKey("args"u8)) return TryFindNext(out _arguments);
        if (IsKey("binary"u8)) return TryReadFlag(out _isBinary);
        if (IsKey("id"u8)) return TryReadNumber(out _id);
        if (IsKey("argc"u8)) return TryReadNumber(out _argumentCount);
        return TryFindNext(out _);
    }

    private readonly bool TryMake(IReadOnlyList<ReadOnlyMemory<byte>>? attachments, out PythonMessage message)
    {
        message = new() { Method = MethodOf(_method), Namespace = _namespace ?? "/", HostId = _hostId, Cluster = _cluster, Sid = _sid, Id = _id };
        switch (message.Method)
        {
            case PythonMethod.Unknown:
                return _method is not null;
            case PythonMethod.Emit:
                // Python fails on an empty list of rooms, too. Here it would mean everybody.
                if (_event is null || _data is null || _rooms is { IsDefault: false, Length: 0 } || !TryMakeEvent(ref attachments, out var json)) return false;
                message = message with { Json = json, Attachments = attachments ?? [], Rooms = _rooms, Skipped = _skipped, Callback = _callback };
                return true;
            case PythonMethod.Callback:
                if (_sid is null || _id < 0 || _arguments is not { } range || _json[range][0] != '[') return false;
                message = message with { Json = _json[range].ToArray(), Attachments = attachments ?? [] };
                return true;
            case PythonMethod.Disconnect:
                return _sid is not null;
            case PythonMethod.CloseRoom:
            default:
                if (_rooms.IsDefault || _rooms is not [var room] || message.Method != PythonMethod.CloseRoom && _sid is null) return false;
                message = message with { Room = room };
                return true;
        }
    }

    private static PythonMethod MethodOf(string? method) => method switch
    {
        "emit" => PythonMethod.Emit,
        "callback" => PythonMethod.Callback,
        "enter_room" => PythonMethod.EnterRoom,
        "leave_room" => PythonMethod.LeaveRoom,
        "close_room" => PythonMethod.CloseRoom,
        "disconnect" => PythonMethod.Disconnect,
        _ => PythonMethod.Unknown,
    };

    private readonly bool TryMakeEvent(ref IReadOnlyList<ReadOnlyMemory<byte>>? attachments, out ReadOnlyMemory<byte> json)
    {
        json = default;
        var data = _json[_data!.Value];
        if (_isBinary && !TryTakeAttachments(ref data, out attachments)) return false;
        var output = new ArrayBufferWriter<byte>(data.Length + 64);
        output.Write("["u8);
        output.Write(_json[_event!.Value]);
        var arguments = data[0] == '[' && _argumentCount != 1 ? Trim(data[1..^1]) : data;
        // Python's None is no argument, alone in its list too: its own clients get none.
        if (!arguments.IsEmpty && !arguments.SequenceEqual("null"u8))
        {
            output.Write(","u8);
            output.Write(arguments);
        }

        output.Write("]"u8);
        json = output.WrittenMemory;
        return true;
    }

    // [[arguments], "base64", …]
    private static bool TryTakeAttachments(ref ReadOnlySpan<byte> data, out IReadOnlyList<ReadOnlyMemory<byte>>? attachments)
    {
        attachments = null;
        var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = MaxDepth + Envelope });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType == JsonTokenType.EndArray) return false;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var arguments = data[start..(int)reader.BytesConsumed];
        var taken = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (taken.Count == MaxNames || !reader.TryGetBytesFromBase64(out var bytes)) return false;
            taken.Add(bytes);
        }

        data = arguments;
        attachments = taken;
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> json) => json.Trim(" \t\r\n"u8);

    private readonly bool IsKey(ReadOnlySpan<byte> key) => _reader.ValueTextEquals(key);

    private bool TryFindNext(out Range? value)
    {
        value = null;
        if (!_reader.Read()) return false;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        value = start..(int)_reader.BytesConsumed;
        return true;
    }

    private bool TryReadText(out string? text)
    {
        text = null;
        if (!_reader.Read() || _reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null)) return false;
        text = _reader.GetString();
        return true;
    }

    private bool TryReadName(out string? name)
    {
        name = null;
        return _reader.Read() && (_reader.TokenType == JsonTokenType.Null || TryGetName(out name));
    }

    // null, a name, or a list of names.
    private bool TryReadNames(out ImmutableArray<string> names)
    {
        names = default;
        if (!_reader.Read()) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            if (!TryGetName(out var one)) return false;
            names = [one!];
            return true;
        }

        var read = ImmutableArray.CreateBuilder<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (read.Count == MaxNames || !TryGetName(out var name)) return false;
            read.Add(name!);
        }

        names = read.DrainToImmutable();
        return true;
    }

    // Programs of Python call rooms after numbers, too.
    private readonly bool TryGetName(out string? name)
    {
        name = _reader.TokenType switch
        {
            JsonTokenType.String => _reader.GetString(),
            JsonTokenType.Number when _reader.TryGetInt64(out _) => Encoding.ASCII.GetString(_reader.ValueSpan),
            _ => null,
        };
        return name is not null;
    }

    private bool TryReadCallback()
    {
        if (!_reader.Read()) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.StartArray) return false;
        if (!_reader.Read() || !TryGetName(out var sid) || !TryReadText(out var @namespace) || !TryReadNumber(out var id)) return false;
        _callback = new(sid!, @namespace ?? "/", id);
        return _reader.Read() && _reader.TokenType == JsonTokenType.EndArray;
    }

    private bool TryReadNumber(out long number)
    {
        number = -1;
        return _reader.Read() && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out number) && number >= 0;
    }

    private bool TryReadFlag(out bool flag)
    {
        flag = false;
        if (!_reader.Read() || _reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
        flag = _reader.TokenType == JsonTokenType.True;
        return true;
    }
}
