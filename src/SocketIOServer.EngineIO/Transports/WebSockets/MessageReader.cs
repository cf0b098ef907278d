using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>The result of <see cref="MessageReader.TryRead"/>.</summary>
internal enum MessageKind
{
    /// <summary>There is no complete message yet.</summary>
    Incomplete,
    Text,
    Binary,
    Ping,
    Close,

    /// <summary>The client violated RFC 6455. Nothing more can be read.</summary>
    Violation,
    TooLarge,
}

/// <summary>
/// Assembles the messages of a client from its frames. A message in one frame that is contiguous in memory is unmasked and returned in place; other messages
/// are copied. Nothing beyond MaxPayload is kept, and memory grows with the received data, not with the announced length.
/// </summary>
internal sealed class MessageReader(EngineOptions options, bool isCompressed)
{
    private const int FirstRent = 4096;

    private byte[]? _collected;
    private int _length;
    private int _fragments;
    private FrameHeader _frame;
    private long _rest;
    private Opcode _kind;
    private bool _isDeflated;
    private bool _isDone;
    private bool _isDiscarding;

    /// <summary>The data of the last message, valid until the next read. For a ping, the data that the pong returns.</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>The code of the close frame after a violation (RFC 6455, section 7.4.1).</summary>
    public ushort Code { get; private set; }

    /// <summary>Whether a message has begun and not ended.</summary>
    public bool IsWithin => _kind != 0;

    /// <summary>Takes the next message from the buffer. After Incomplete, the buffer contains at most a frame's header or a control frame.</summary>
    public MessageKind TryRead(ref ReadOnlySequence<byte> buffer)
    {
        if (_isDone) Release();
        while (true)
        {
            if (_rest > 0 || IsWithin && _frame.Size > 0)
            {
                Collect(ref buffer);
                if (_rest > 0) return MessageKind.Incomplete;
                var isLast = _frame.IsFinal;
                _frame = default;
                if (isLast && _isDiscarding) Release();
                else if (isLast) return Complete(_collected.AsMemory(0, _length));
            }

            if (buffer.IsEmpty) return MessageKind.Incomplete;
            var result = FrameHeader.TryRead(buffer, isCompressed, out var header);
            if (result == HeaderResult.Incomplete) return MessageKind.Incomplete;
            if (result == HeaderResult.Invalid || !header.IsControl && header.Opcode == Opcode.Continuation != IsWithin) return Violation(WebSocketLink.ProtocolError);
            if (header.IsControl)
            {
                if (buffer.Length < header.Size + header.Length) return MessageKind.Incomplete;
                var kind = ReadControl(header, buffer.Slice(header.Size, header.Length));
                buffer = buffer.Slice(header.Size + header.Length);
                if (kind != MessageKind.Incomplete) return kind;
                continue;
            }

            if (header.IsFinal && !IsWithin && !_isDiscarding && header.Length <= options.MaxPayload && buffer.FirstSpan.Length >= header.Size + header.Length)
            {
                (_kind, _isDeflated) = (header.Opcode, header.IsCompressed);
                var data = MemoryMarshal.AsMemory(buffer.First).Slice(header.Size, (int)header.Length);
                Mask.Remove(data.Span, header.Key, 0);
                buffer = buffer.Slice(header.Size + header.Length);
                return Complete(data);
            }

            if (!IsWithin) (_kind, _isDeflated) = (header.Opcode, header.IsCompressed);
            (_frame, _rest) = (header, header.Length);
            buffer = buffer.Slice(header.Size);
            // A comparison of the sum could overflow, because a length can be up to 2^63-1.
            if (_isDiscarding || ++_fragments <= options.MaxFragments && header.Length <= options.MaxPayload - _length) continue;
            Discard();
            return MessageKind.TooLarge;
        }
    }

    /// <summary>From here on, the reader looks only for a close frame. It drops all other data, including the rest of a message that has begun.</summary>
    public void Discard()
    {
        if (_isDone) Release();
        ReturnCollected();
        _isDiscarding = true;
    }

    /// <summary>Returns its buffer to the pool.</summary>
    public void Release()
    {
        ReturnCollected();
        _fragments = 0;
        _kind = 0;
        _isDone = false;
        Data = default;
    }

    private void ReturnCollected()
    {
        if (_collected is not null) ArrayPool<byte>.Shared.Return(_collected);
        _collected = null;
        _length = 0;
    }

    private void Collect(ref ReadOnlySequence<byte> buffer)
    {
        var count = (int)Math.Min(_rest, buffer.Length);
        if (_isDiscarding)
        {
            buffer = buffer.Slice(count);
            _rest -= count;
            return;
        }

        if (count == 0) return;
        if (_collected is null || _length + count > _collected.Length) Grow(_length + count);
        var target = _collected.AsSpan(_length, count);
        buffer.Slice(0, count).CopyTo(target);
        Mask.Remove(target, _frame.Key, _frame.Length - _rest);
        buffer = buffer.Slice(count);
        _length += count;
        _rest -= count;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(FirstRent, needed), 2 * _length));
        if (_collected is not null)
        {
            _collected.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_collected);
        }

        _collected = larger;
    }

    private MessageKind Complete(ReadOnlyMemory<byte> data)
    {
        var kind = _kind == Opcode.Text ? MessageKind.Text : MessageKind.Binary;
        _isDone = true;
        if (_isDeflated)
        {
            var result = Deflate.TryInflate(data.Span, options.MaxPayload, out data);
            _isDiscarding = result == InflateResult.TooLarge;
            if (_isDiscarding) return MessageKind.TooLarge;
            if (result == InflateResult.Broken) return Violation(WebSocketLink.InvalidData);
        }

        Data = data;
        return kind == MessageKind.Text && !Utf8.IsValid(data.Span) ? Violation(WebSocketLink.InvalidData) : kind;
    }

    private MessageKind ReadControl(in FrameHeader header, in ReadOnlySequence<byte> payload)
    {
        // The server sends no pings, so a pong needs no handling.
        if (header.Opcode == Opcode.Pong) return MessageKind.Incomplete;
        var data = payload.ToArray();
        Mask.Remove(data, header.Key, 0);
        if (header.Opcode == Opcode.Ping)
        {
            Data = data;
            return MessageKind.Ping;
        }

        // RFC 6455, 5.5.1: the data is empty, or a code and a text.
        if (data.Length == 1 || data.Length > 1 && !IsCode(BinaryPrimitives.ReadUInt16BigEndian(data))) return Violation(WebSocketLink.ProtocolError);
        return data.Length > 2 && !Utf8.IsValid(data.AsSpan(2)) ? Violation(WebSocketLink.InvalidData) : MessageKind.Close;
    }

    // RFC 6455, 7.4: the codes that an endpoint can send.
    private static bool IsCode(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);

    private MessageKind Violation(ushort code)
    {
        Code = code;
        return MessageKind.Violation;
    }
}
