using System.Collections.Immutable;
using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Json;

namespace SocketIOServer.Cluster;

/// <summary>
/// Reads what <see cref="JsonMessageWriter"/> writes, from whomever it comes. Keys may come in any order, unknown ones are passed over, and the type may
/// come last: so all that any type has is noted in one pass, and what the type needs is judged at the end.
/// </summary>
internal ref struct JsonMessageReader
{
    /// <summary>Levels around an event: the message, its data, the packet.</summary>
    public const int Envelope = 3;

    private const int MaxIdLength = 256;

    // Each socket that another server has asked for an ack is one that is waited for here.
    private const int MaxCount = 1_000_000;

    private readonly ReadOnlySpan<byte> _json;
    private readonly WireLimits _limits;
    private Utf8JsonReader _reader;
    private long _type;
    private string? _sender;
    private string? _namespace;
    private long _number;
    private string? _node;
    private string? _requestId;
    private string? _socketId;
    private Target _target;
    private bool _hasTarget;
    private TimeSpan? _timeout;
    private ImmutableArray<string> _rooms;
    private bool _close;
    private long _count;
    private long _instead;
    private Range? _packet;
    private Range? _event;
    private Range? _sockets;

    private JsonMessageReader(ReadOnlySpan<byte> json, WireLimits limits)
    {
        _json = json;
        _limits = limits;
        _reader = new(json, new JsonReaderOptions { MaxDepth = limits.Depth + Envelope });
        _type = -1;
        _count = -1;
    }

    public static bool TryRead(
        ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        try
        {
            var reader = new JsonMessageReader(json, limits);
            return reader.TryReadAll() && reader.TryMake(attachments, encoder, out message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, half a character in a name, or a snapshot with a value of another type.
            return false;
        }
    }

    /// <summary>Reads a log entry, whose data is the value of the key <c>data</c> of a message, or empty.</summary>
    public static bool TryReadData(
        LogEntry entry, ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        try
        {
            var reader = new JsonMessageReader(json, limits) { _type = entry.Type, _sender = entry.Sender, _namespace = entry.Namespace, _number = entry.Number };
            // Reading on throws where there is more behind it.
            return (json.IsEmpty || reader.TryReadData() && !reader._reader.Read()) && reader.TryMake(attachments, encoder, out message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // As above.
            return false;
        }
    }

    private bool TryReadAll()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isRight;
            if (IsKey("type"u8)) isRight = TryReadNumber(int.MaxValue, out _type);
            else if (IsKey("uid"u8)) isRight = TryReadText(out _sender);
            else if (IsKey("nsp"u8)) isRight = TryReadText(out _namespace);
            else if (IsKey("n"u8)) isRight = TryReadNumber(long.MaxValue, out _number);
            else if (IsKey("node"u8)) isRight = TryReadText(out _node);
            else if (IsKey("data"u8)) isRight = TryReadData();
            else isRight = TrySkip();
            if (!isRight) return false;
        }

        // Throws where there is more behind it.
        return _reader.TokenType == JsonTokenType.EndObject && !_reader.Read();
    }

    private bool TryReadData()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isRight;
            if (IsKey("packet"u8)) isRight = TryReadPacket();
            else if (IsKey("opts"u8)) isRight = TryReadTarget();
            else if (IsKey("requestId"u8)) isRight = TryReadText(out _requestId);
            else if (IsKey("sid"u8)) isRight = TryReadText(out _socketId);
            // As many as the message has room for: who answers may have more than who asks.
            else if (IsKey("rooms"u8) || IsKey("sids"u8)) isRight = TryReadTexts(out _rooms, int.MaxValue);
            else if (IsKey("instead"u8)) isRight = TryReadNumber(int.MaxValue, out _instead);
            else if (IsKey("close"u8)) isRight = TryReadFlag(out _close);
            else if (IsKey("clientCount"u8)) isRight = TryReadNumber(MaxCount, out _count);
            else if (IsKey("sockets"u8)) isRight = TryReadValue(out _sockets);
            else isRight = TrySkip();
            if (!isRight) return false;
        }

        return _reader.TokenType == JsonTokenType.EndObject;
    }

    // An event's is {"type":2,"data":[…]}; an answer's is any value, which may look the same.
    private bool TryReadPacket()
    {
        if (!_reader.Read()) return false;
        var start = (int)_reader.TokenStartIndex;
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _reader.Skip();
        }
        else
        {
            while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
            {
                var isEvent = IsKey("data"u8);
                if (!TryReadValue(out var value)) return false;
                if (isEvent) _event = value;
            }
        }

        _packet = start..(int)_reader.BytesConsumed;
        return true;
    }

    private bool TryReadTarget()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        _hasTarget = true;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            ImmutableArray<string> names;
            if (IsKey("rooms"u8))
            {
                if (!TryReadTexts(out names, _limits.Names)) return false;
                _target = _target with { Rooms = names };
            }
            else if (IsKey("except"u8))
            {
                if (!TryReadTexts(out names, _limits.Names)) return false;
                _target = _target with { Except = names };
            }
            else if (IsKey("flags"u8))
            {
                if (!TryReadFlags()) return false;
            }
            else if (!TrySkip())
            {
                return false;
            }
        }

        return _reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryReadFlags()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsKey("volatile"u8))
            {
                if (!TryReadFlag(out var isVolatile)) return false;
                _target = _target with { IsVolatile = isVolatile };
            }
            else if (IsKey("compress"u8))
            {
                if (!TryReadFlag(out var isCompressed)) return false;
                _target = _target with { IsUncompressed = !isCompressed };
            }
            else if (IsKey("timeout"u8))
            {
                if (!TryReadNumber(int.MaxValue, out var milliseconds)) return false;
                _timeout = TimeSpan.FromMilliseconds(milliseconds);
            }
            else if (!TrySkip())
            {
                return false;
            }
        }

        return _reader.TokenType == JsonTokenType.EndObject;
    }

    private readonly bool TryMake(IReadOnlyList<ReadOnlyMemory<byte>> attachments, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        if (_type < 0 || string.IsNullOrEmpty(_sender)) return false;
        var type = (ClusterMessageType)_type;
        var body = type switch
        {
            ClusterMessageType.Broadcast => _event,
            ClusterMessageType.ServerEvent or ClusterMessageType.ServerEventResponse or ClusterMessageType.Ack or ClusterMessageType.TakeSession or ClusterMessageType.Session => _packet,
            _ => null,
        };
        if (!HasWhatItNeeds(type, body)) return false;
        IReadOnlyList<SocketSnapshot> sockets = [];
        if (type == ClusterMessageType.FetchResponse && !SnapshotJson.TryRead(_json[_sockets!.Value], attachments, _limits, encoder, _node, out sockets)) return false;
        message = new()
        {
            Type = type,
            Sender = _sender,
            Namespace = _namespace,
            RequestId = _requestId,
            Target = _target,
            Timeout = _timeout,
            Json = body is { } range ? _json[range].ToArray() : default,
            Attachments = attachments,
            Rooms = _rooms,
            Close = _close,
            Count = (int)_count,
            Instead = (ClusterMessageType)_instead,
            Sockets = sockets,
            Number = _number,
            SocketId = _socketId,
            NodeId = _node,
        };
        return true;
    }

    private readonly bool HasWhatItNeeds(ClusterMessageType type, Range? body) => type switch
    {
        ClusterMessageType.Broadcast => body is { } range && IsArray(range) && _hasTarget,
        ClusterMessageType.Join or ClusterMessageType.Leave => _hasTarget && !_rooms.IsDefault && _rooms.Length <= _limits.Names,
        ClusterMessageType.Disconnect => _hasTarget,
        ClusterMessageType.Fetch or ClusterMessageType.Count => _hasTarget && _requestId is not null,
        ClusterMessageType.FetchResponse => _requestId is not null && _sockets is { } range && IsArray(range),
        ClusterMessageType.ServerEvent => body is { } range && IsArray(range),
        ClusterMessageType.TakeSession or ClusterMessageType.Session => _requestId is not null && body is { } range && _json[range][0] == '{',
        ClusterMessageType.AckCount or ClusterMessageType.CountResponse => _requestId is not null && _count >= 0,
        ClusterMessageType.RoomsResponse => _requestId is not null && !_rooms.IsDefault,
        ClusterMessageType.Rooms or ClusterMessageType.Ack or ClusterMessageType.ServerEventResponse or ClusterMessageType.Failed => _requestId is not null,
        ClusterMessageType.AckLeft => _requestId is not null && _socketId is not null,
        // Heartbeats have no data; what is not known is not ours to judge.
        _ => true,
    };

    private readonly bool IsArray(Range range) => _json[range][0] == '[';

    private bool IsKey(ReadOnlySpan<byte> key) => _reader.ValueTextEquals(key);

    private bool TrySkip() => TryReadValue(out _);

    private bool TryReadValue(out Range? value)
    {
        value = null;
        if (!_reader.Read()) return false;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        value = start..(int)_reader.BytesConsumed;
        return true;
    }

    private bool TryReadNumber(long max, out long number)
    {
        number = -1;
        return _reader.Read() && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out number) && number >= 0 && number <= max;
    }

    private bool TryReadFlag(out bool flag)
    {
        flag = false;
        if (!_reader.Read() || _reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
        flag = _reader.TokenType == JsonTokenType.True;
        return true;
    }

    private bool TryReadText(out string? text)
    {
        text = null;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.String || _reader.ValueSpan.Length > 6 * MaxIdLength) return false;
        text = _reader.GetString();
        return true;
    }

    private bool TryReadTexts(out ImmutableArray<string> texts, int max)
    {
        texts = default;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray) return false;
        var read = ImmutableArray.CreateBuilder<string>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.String)
        {
            if (read.Count == max) return false;
            read.Add(_reader.GetString()!);
        }

        texts = read.DrainToImmutable();
        return _reader.TokenType == JsonTokenType.EndArray;
    }
}
