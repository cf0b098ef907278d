using System.Buffers;
using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>One thread's buffer and writer for making packets; taken while in use, since a user's getter may emit too.</summary>
internal sealed class JsonScratch
{
    // What grew for one large packet is not kept for all the small ones.
    private const int MaxKept = 64 * 1024;

    [ThreadStatic]
    private static JsonScratch? _free;

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

    public static JsonScratch Take(JsonSerializerOptions options)
    {
        var free = _free;
        _free = null;
        return free?.Options == options ? free : new(options);
    }

    public void Return()
    {
        Attachments.Clear();
        Buffer.ResetWrittenCount();
        if (Buffer.Capacity > MaxKept) return;
        Writer.Reset();
        _free = this;
    }
}
