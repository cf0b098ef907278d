using System.Text.Json;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// Reads what <see cref="ClassicMessageWriter"/> writes, from whomever it comes. It finds where the values are, puts them into the form of socket.io-adapter,
/// and lets <see cref="JsonMessageReader"/> judge them. Keys may come in any order, and unknown ones are passed over.
/// </summary>
internal ref struct ClassicMessageReader
{
    // Of a response that names no server; JsonMessageReader refuses a message from nobody.
    private const string Nobody = "?";

    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private ClusterMessageType _type;
    private Range? _sender;
    private Range? _namespace;
    private Range? _requestId;
    private Range? _packet;
    private Range? _options;
    private Range? _data;
    private Range? _rooms;
    private Range? _close;
    private Range? _instead;
    private Range? _count;
    private Range? _sockets;
    private Range? _number;
    private Range? _node;
    private Range? _socketId;
    private Range? _socketIds;

    private ClassicMessageReader(ReadOnlySpan<byte> json, WireLimits limits)
    {
        _json = json;
        _reader = new(json, new JsonReaderOptions { MaxDepth = limits.Depth + JsonMessageReader.Envelope });
    }

    public static bool TryRead(
        ClassicMessageKind kind, ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, WireLimits limits, PacketEncoder encoder, out ClusterMessage message)
    {
        message = default;
        try
        {
            var reader = new ClassicMessageReader(json, limits);
            if (!(kind == ClassicMessageKind.Event ? reader.TryFindEvent() : reader.TryFindAll(kind))) return false;
            using var standard = ByteScratch.Take();
            reader.WriteStandard(standard);
            if (!JsonMessageReader.TryRead(standard.Written, attachments, limits, encoder, out message)) return false;
            if (reader._type == ClassicTypes.Unknown) message = message with { RequestId = null };
            if (reader._sender is null) message = message with { Sender = kind == ClassicMessageKind.Response ? ClusterMessage.Anonymous : ClusterMessage.Emitter };
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON.
            return false;
        }
    }

    // ["uid",{"type":2,"data":[…],"nsp":"/"},{"rooms":[],"except":[],"flags":{}},n?]
    private bool TryFindEvent()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray) return false;
        if (!_reader.Read() || !TryFindValue(out _sender) || !_reader.Read() || !TryFindPacket() || !_reader.Read() || !TryFindValue(out _options)) return false;
        for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (!TryFindValue(out var value)) return false;
            if (i == 0) _number = value;
        }

        _type = ClusterMessageType.Broadcast;
        // Throws where there is more behind it.
        return _reader.TokenType == JsonTokenType.EndArray && !_reader.Read();
    }

    private bool TryFindAll(ClassicMessageKind kind)
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartObject) return false;
        long type = -1;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (IsKey("type"u8))
            {
                if (!_reader.Read() || _reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out type) || type < 0) return false;
            }
            else if (kind == ClassicMessageKind.Request && IsKey("packet"u8))
            {
                if (!_reader.Read() || !TryFindPacket()) return false;
            }
            else if (!TryFindMember())
            {
                return false;
            }
        }

        if (_reader.TokenType != JsonTokenType.EndObject || _reader.Read()) return false;
        if (kind == ClassicMessageKind.Request)
        {
            _type = ClassicTypes.Request(type);
            return type >= 0;
        }

        _type = type >= 0 ? ClassicTypes.Response(type) : _sockets is not null ? ClusterMessageType.FetchResponse : _rooms is not null ? ClusterMessageType.RoomsResponse : ClassicTypes.Unknown;
        return true;
    }

    private bool TryFindMember()
    {
        if (IsKey("uid"u8)) return TryFindNext(out _sender);
        if (IsKey("requestId"u8)) return TryFindNext(out _requestId);
        if (IsKey("packet"u8)) return TryFindNext(out _packet);
        if (IsKey("opts"u8)) return TryFindNext(out _options);
        if (IsKey("data"u8)) return TryFindNext(out _data);
        if (IsKey("rooms"u8)) return TryFindNext(out _rooms);
        if (IsKey("close"u8)) return TryFindNext(out _close);
        if (IsKey("instead"u8)) return TryFindNext(out _instead);
        if (IsKey("clientCount"u8)) return TryFindNext(out _count);
        if (IsKey("sockets"u8)) return TryFindNext(out _sockets);
        if (IsKey("n"u8)) return TryFindNext(out _number);
        if (IsKey("node"u8)) return TryFindNext(out _node);
        if (IsKey("sid"u8)) return TryFindNext(out _socketId);
        if (IsKey("sids"u8)) return TryFindNext(out _socketIds);
        return TryFindNext(out _);
    }

    private bool TryFindPacket()
    {
        if (_reader.TokenType != JsonTokenType.StartObject) return false;
        var start = (int)_reader.TokenStartIndex;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNamespace = IsKey("nsp"u8);
            if (!TryFindNext(out var value)) return false;
            if (isNamespace) _namespace = value;
        }

        _packet = start..(int)_reader.BytesConsumed;
        return _reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryFindNext(out Range? value)
    {
        value = null;
        return _reader.Read() && TryFindValue(out value);
    }

    private bool TryFindValue(out Range? value)
    {
        value = null;
        if (_reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject) return false;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        value = start..(int)_reader.BytesConsumed;
        return true;
    }

    private bool IsKey(ReadOnlySpan<byte> key) => _reader.ValueTextEquals(key);

    private readonly void WriteStandard(ByteScratch output)
    {
        output.Write("{\"type\":"u8);
        JsonText.Write(output, (int)_type);
        output.Write(",\"data\":{\"\":0"u8);
        Write(output, ",\"packet\":"u8, _type is ClusterMessageType.ServerEvent or ClusterMessageType.ServerEventResponse or ClusterMessageType.TakeSession or ClusterMessageType.Session ? _data : _packet);
        Write(output, ",\"requestId\":"u8, _requestId);
        Write(output, ",\"opts\":"u8, _options);
        Write(output, ",\"rooms\":"u8, _socketIds ?? _rooms);
        Write(output, ",\"close\":"u8, _close);
        Write(output, ",\"instead\":"u8, _instead);
        Write(output, ",\"clientCount\":"u8, _count);
        Write(output, ",\"sockets\":"u8, _sockets);
        Write(output, ",\"sid\":"u8, _socketId);
        output.Write("},\"uid\":"u8);
        if (_sender is { } sender) output.Write(_json[sender]);
        else JsonText.Write(output, Nobody);
        Write(output, ",\"nsp\":"u8, _namespace);
        Write(output, ",\"n\":"u8, _number);
        Write(output, ",\"node\":"u8, _node);
        // As Node has it, an event that names no namespace is for the main one.
        if (_packet is not null && _namespace is null && _type == ClusterMessageType.Broadcast) output.Write(",\"nsp\":\"/\""u8);
        output.Write((byte)'}');
    }

    private readonly void Write(ByteScratch output, ReadOnlySpan<byte> key, Range? value)
    {
        if (value is not { } range) return;
        output.Write(key);
        output.Write(_json[range]);
    }
}
