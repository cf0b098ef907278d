using System.Buffers;
using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>
/// The buffer and the writer of one thread for packets. They are taken while in use, because a property getter of the application can emit too.
/// </summary>
internal sealed class JsonScratch
{
    // A buffer that grew for a large packet is not kept.
    private const int MaxKept = 64 * 1024;

    // A getter can emit, and one that emits its own object would recurse without an end. A stack overflow ends the process. The limit is well before that,
    // because each level has catch blocks of the serializer, which need more of the stack while an exception passes.
    private const int MaxNested = 16;

    [ThreadStatic]
    private static JsonScratch? _free;

    [ThreadStatic]
    private static int _nested;

    private JsonScratch(JsonSerializerOptions options)
    {
        Options = options;
        Buffer = new(256);
        Writer = new(Buffer, new JsonWriterOptions { Encoder = options.Encoder, MaxDepth = options.MaxDepth, SkipValidation = true });
    }

    public JsonSerializerOptions Options { get; }

    public ArrayBufferWriter<byte> Buffer { get; }

    public Utf8JsonWriter Writer { get; }

    public WrittenAttachments Attachments { get; } = new();

    /// <summary>The attachments of the packet around this one, when a getter emits while it is read.</summary>
    public WrittenAttachments? Outer { get; set; }

    /// <exception cref="InvalidOperationException">Packets are created within packets, too many levels deep.</exception>
    public static JsonScratch Take(JsonSerializerOptions options)
    {
        if (_nested == MaxNested) throw new InvalidOperationException("A property getter of an argument emits an event whose argument emits another event, more than 16 levels deep.");
        _nested++;
        var free = _free;
        _free = null;
        return free?.Options == options ? free : new(options);
    }

    public void Return()
    {
        _nested--;
        Attachments.Clear();
        Buffer.ResetWrittenCount();
        if (Buffer.Capacity > MaxKept) return;
        Writer.Reset();
        _free = this;
    }
}
