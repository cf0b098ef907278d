namespace SocketIOServer.Json;

/// <summary>
/// Where the binary converters find the attachments while a packet is read or written. A converter has no state of its own
/// and a call of the serializer never leaves its thread, so the thread carries it.
/// </summary>
internal static class BinaryScope
{
    [ThreadStatic]
    private static List<byte[]>? s_written;

    [ThreadStatic]
    private static IReadOnlyList<ReadOnlyMemory<byte>>? s_read;

    /// <summary>Collects what is written; null outside of a packet, and then binary is written as base64.</summary>
    public static List<byte[]>? Written
    {
        get => s_written;
        set => s_written = value;
    }

    /// <summary>The attachments of the packet that is read.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Read
    {
        get => s_read;
        set => s_read = value;
    }
}
