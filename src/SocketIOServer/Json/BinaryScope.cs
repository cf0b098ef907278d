namespace SocketIOServer.Json;

/// <summary>
/// Gives the binary converters the attachments of the packet that is read or written. A converter has no state, and a call of the serializer stays on its
/// thread, so the attachments are kept for the thread.
/// </summary>
internal static class BinaryScope
{
    [ThreadStatic]
    private static WrittenAttachments? _written;

    [ThreadStatic]
    private static IReadOnlyList<ReadOnlyMemory<byte>>? _read;

    [ThreadStatic]
    private static bool _looksOn;

    /// <summary>Collects the attachments of the packet that is written. Null if no packet is written: binary becomes base64.</summary>
    public static WrittenAttachments? Written
    {
        get => _written;
        set => _written = value;
    }

    /// <summary>The attachments of the packet that is read.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Read => _read;

    /// <summary>The reader of the packet only observes, and gets binary as base64 text.</summary>
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
