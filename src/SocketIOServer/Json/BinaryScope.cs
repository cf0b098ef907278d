namespace SocketIOServer.Json;

/// <summary>
/// Where the binary converters find the attachments while a packet is read or written. A converter has no state of its own
/// and a call of the serializer never leaves its thread, so the thread carries it.
/// </summary>
internal static class BinaryScope
{
    [ThreadStatic]
    private static WrittenAttachments? _written;

    [ThreadStatic]
    private static IReadOnlyList<ReadOnlyMemory<byte>>? _read;

    [ThreadStatic]
    private static bool _looksOn;

    /// <summary>Collects what is written; null outside of a packet, and then binary is written as base64.</summary>
    public static WrittenAttachments? Written
    {
        get => _written;
        set => _written = value;
    }

    /// <summary>The attachments of the packet that is read.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Read => _read;

    /// <summary>Whoever reads the packet does not pass its arguments on, and may have binary as base64 text.</summary>
    public static bool LooksOn => _looksOn;

    /// <summary>Returns what <see cref="Leave"/> needs.</summary>
    public static (IReadOnlyList<ReadOnlyMemory<byte>>? Read, bool LooksOn) Enter(IReadOnlyList<ReadOnlyMemory<byte>> attachments, bool looksOn)
    {
        var outer = (_read, _looksOn);
        (_read, _looksOn) = (attachments, looksOn);
        return outer;
    }

    public static void Leave((IReadOnlyList<ReadOnlyMemory<byte>>? Read, bool LooksOn) outer) => (_read, _looksOn) = outer;
}
