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

    /// <summary>Collects what is written; null outside of a packet, and then binary is written as base64.</summary>
    public static WrittenAttachments? Written
    {
        get => _written;
        set => _written = value;
    }

    /// <summary>The attachments of the packet that is read.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Read
    {
        get => _read;
        set => _read = value;
    }
}
