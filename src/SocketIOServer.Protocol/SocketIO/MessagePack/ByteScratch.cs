using System.Buffers;

namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>One thread's buffer for turning one encoding into the other; taken while in use.</summary>
internal sealed class ByteScratch : IBufferWriter<byte>
{
    // What grew for one large packet is not kept for all the small ones.
    private const int MaxKept = 64 * 1024;
    private const int MinSize = 256;

    [ThreadStatic]
    private static ByteScratch? _free;

    private byte[] _bytes = new byte[MinSize];

    public int Length { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(0, Length);

    public static ByteScratch Take()
    {
        var taken = _free ?? new();
        _free = null;
        return taken;
    }

    public void Return()
    {
        Length = 0;
        if (_bytes.Length <= MaxKept) _free = this;
    }

    public void Advance(int count) => Length += count;

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var needed = checked(Length + Math.Max(sizeHint, 1));
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
        return _bytes.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public void Write(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    /// <summary>Makes room in the middle; what was behind is behind it.</summary>
    public void Insert(int at, int count)
    {
        GetSpan(count);
        _bytes.AsSpan(at, Length - at).CopyTo(_bytes.AsSpan(at + count));
        Length += count;
    }
}
