namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>A buffer of one thread for conversions between encodings. It is taken while in use and returned by Dispose.</summary>
internal sealed class ByteScratch : IDisposable
{
    // A buffer that has grown for one large packet is not kept.
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

    public void Dispose()
    {
        Length = 0;
        if (_bytes.Length <= MaxKept) _free = this;
    }

    /// <summary>Returns space for at least this many bytes. Bytes count after <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int count)
    {
        var needed = checked(Length + count);
        if (needed > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, 2L * _bytes.Length), Array.MaxLength));
        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Write(byte value)
    {
        GetSpan(1)[0] = value;
        Length++;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Inserts space in the middle. The bytes after it are moved.</summary>
    public void Insert(int at, int count)
    {
        GetSpan(count);
        _bytes.AsSpan(at, Length - at).CopyTo(_bytes.AsSpan(at + count));
        Length += count;
    }
}
