using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SocketIOServer.Redis;

/// <summary>
/// Reads pickles of protocol 2 to 5 that consist of plain data. A pickle is a program for a stack machine; this one has only the instructions that push a
/// constant, fill a list, a tuple or a dict, or remember a value. Those that import, call or build an object do not exist here, so nothing can be run.
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/>, <see cref="string"/>, <see cref="byte"/>[],
/// <see cref="PickledList"/>, <see cref="PickledDict"/>.
/// </summary>
internal ref struct PickleReader
{
    /// <summary>Values and marks that a pickle may have.</summary>
    public const int MaxValues = 100_000;

    private const int MaxIntegerBytes = 255;
    private const byte Protocol = 0x80;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<object?> _memo = [];
    private readonly Stack<List<object?>> _marks = new();
    private ReadOnlySpan<byte> _left;
    private List<object?> _stack = [];
    private int _values;

    private PickleReader(ReadOnlySpan<byte> bytes) => _left = bytes;

    /// <summary>Whether bytes are a pickle of protocol 2 or later; JSON never begins so.</summary>
    public static bool IsPickle(ReadOnlySpan<byte> bytes) => bytes is [Protocol, ..];

    /// <returns>False: it is cut off, has something behind its end, more than it may have, or an instruction that is not for plain data. Never throws.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out object? value)
    {
        value = null;
        if (bytes is not [Protocol, >= 2 and <= 5, ..]) return false;
        try
        {
            return new PickleReader(bytes[2..]).TryRun(out value);
        }
        catch (DecoderFallbackException)
        {
            // A str that is not UTF-8.
            return false;
        }
    }

    private bool TryRun(out object? value)
    {
        value = null;
        while (!_left.IsEmpty)
        {
            var code = _left[0];
            _left = _left[1..];
            if (code == '.')
            {
                if (_stack.Count != 1 || _marks.Count > 0 || !_left.IsEmpty) return false;
                value = _stack[0];
                return true;
            }

            if (!TryDo(code)) return false;
        }

        return false;
    }

    private bool TryDo(byte code) => code switch
    {
        0x95 => TryTake(8, out var size) && BinaryPrimitives.ReadUInt64LittleEndian(size) <= (ulong)_left.Length,   // FRAME
        (byte)'N' => TryPush(null),
        0x88 => TryPush(true),
        0x89 => TryPush(false),
        (byte)'K' => TryTake(1, out var one) && TryPush((long)one[0]),
        (byte)'M' => TryTake(2, out var two) && TryPush((long)BinaryPrimitives.ReadUInt16LittleEndian(two)),
        (byte)'J' => TryTake(4, out var four) && TryPush((long)BinaryPrimitives.ReadInt32LittleEndian(four)),
        0x8a => TryTakeLength(1, out var length) && TryPushInteger(length),                                         // LONG1
        (byte)'G' => TryTake(8, out var real) && TryPush(BinaryPrimitives.ReadDoubleBigEndian(real)),
        0x8c => TryTakeLength(1, out var length) && TryPushText(length),                                            // SHORT_BINUNICODE
        (byte)'X' => TryTakeLength(4, out var length) && TryPushText(length),
        0x8d => TryTakeLength(8, out var length) && TryPushText(length),                                            // BINUNICODE8
        (byte)'C' => TryTakeLength(1, out var length) && TryPushBytes(length),
        (byte)'B' => TryTakeLength(4, out var length) && TryPushBytes(length),
        0x8e or 0x96 => TryTakeLength(8, out var length) && TryPushBytes(length),                                   // BINBYTES8, BYTEARRAY8
        (byte)']' => TryPush(new PickledList([], IsTuple: false)),
        (byte)'}' => TryPush(new PickledDict([])),
        (byte)')' => TryPush(new PickledList([], IsTuple: true)),
        0x85 => TryPushTuple(1),
        0x86 => TryPushTuple(2),
        0x87 => TryPushTuple(3),
        (byte)'(' => TryMark(),
        (byte)'t' => TryEndMark(out var items) && TryPush(new PickledList(items, IsTuple: true)),
        (byte)'l' => TryEndMark(out var items) && TryPush(new PickledList(items, IsTuple: false)),
        (byte)'d' => TryEndMark(out var items) && TryPush(new PickledDict([])) && TrySet(items),
        (byte)'a' => TryPop(out var item) && TryAppend([item]),
        (byte)'e' => TryEndMark(out var items) && TryAppend(items),
        (byte)'s' => TryPop(out var item) && TryPop(out var key) && TrySet([key, item]),
        (byte)'u' => TryEndMark(out var items) && TrySet(items),
        0x94 => TryMemoize(_memo.Count),
        (byte)'q' => TryTake(1, out var one) && TryMemoize(one[0]),
        (byte)'r' => TryTakeLength(4, out var index) && TryMemoize(index),
        (byte)'h' => TryTake(1, out var one) && TryRecall(one[0]),
        (byte)'j' => TryTakeLength(4, out var index) && TryRecall(index),
        // Above all GLOBAL, STACK_GLOBAL, REDUCE, BUILD, INST, OBJ, NEWOBJ, EXT and PERSID: those that run code.
        _ => false,
    };

    private bool TryTake(int count, scoped out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count > _left.Length) return false;
        bytes = _left[..count];
        _left = _left[count..];
        return true;
    }

    private bool TryTakeLength(int bytes, out int length)
    {
        length = 0;
        if (!TryTake(bytes, out var size)) return false;
        var value = bytes switch
        {
            1 => size[0],
            4 => BinaryPrimitives.ReadUInt32LittleEndian(size),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(size),
        };
        if (value > int.MaxValue) return false;
        length = (int)value;
        return true;
    }

    private bool TryPush(object? value)
    {
        if (++_values > MaxValues) return false;
        _stack.Add(value);
        return true;
    }

    private bool TryPushInteger(int length)
    {
        if (length > MaxIntegerBytes || !TryTake(length, out var bytes)) return false;
        var value = new BigInteger(bytes);
        return TryPush(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private bool TryPushText(int length) => TryTake(length, out var bytes) && TryPush(Utf8.GetString(bytes));

    private bool TryPushBytes(int length) => TryTake(length, out var bytes) && TryPush(bytes.ToArray());

    private bool TryPushTuple(int count)
    {
        if (_stack.Count < count) return false;
        var items = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return TryPush(new PickledList(items, IsTuple: true));
    }

    private bool TryMark()
    {
        if (++_values > MaxValues) return false;
        _marks.Push(_stack);
        _stack = [];
        return true;
    }

    // What lies above the last mark.
    private bool TryEndMark(out List<object?> items)
    {
        items = _stack;
        if (!_marks.TryPop(out var below)) return false;
        _stack = below;
        return true;
    }

    private readonly bool TryPop(out object? value)
    {
        value = null;
        if (_stack.Count == 0) return false;
        value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return true;
    }

    private readonly bool TryAppend(List<object?> items)
    {
        if (_stack.Count == 0 || _stack[^1] is not PickledList { IsTuple: false } list) return false;
        list.Items.AddRange(items);
        return true;
    }

    private readonly bool TrySet(List<object?> keysAndValues)
    {
        if (_stack.Count == 0 || _stack[^1] is not PickledDict dict || keysAndValues.Count % 2 != 0) return false;
        for (var i = 0; i < keysAndValues.Count; i += 2) dict.Items.Add((keysAndValues[i], keysAndValues[i + 1]));
        return true;
    }

    // Pickles number what they remember in order, so that a number far off is none.
    private readonly bool TryMemoize(int index)
    {
        if (_stack.Count == 0 || index > _memo.Count || index >= MaxValues) return false;
        if (index == _memo.Count) _memo.Add(_stack[^1]);
        else _memo[index] = _stack[^1];
        return true;
    }

    private bool TryRecall(int index) => index < _memo.Count && TryPush(_memo[index]);
}
