using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Json;

/// <summary>Encodes the program's arguments as packets, once for any number of receivers.</summary>
internal sealed class PacketEncoder
{
    private readonly PacketParser _parser;

    private readonly Lazy<JsonSerializerOptions> _binaryOptions;

    /// <param name="options">How arguments become JSON.</param>
    /// <param name="parser">Writes the packets.</param>
    /// <param name="isDefault">The options are this library's own: <see cref="ClientNulls"/>.</param>
    public PacketEncoder(JsonSerializerOptions options, PacketParser parser, bool isDefault = true)
    {
        _parser = parser;
        Options = Create(options, isDefault, _ => { });
        _binaryOptions = new(() => Create(options, isDefault, AddBinary));
    }

    public JsonSerializerOptions Options { get; }

    /// <summary>The options for packets that have binary. They are separate, so that other packets need not be searched for placeholders.</summary>
    public JsonSerializerOptions BinaryOptions => _binaryOptions.Value;

    public static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (ReservedNames.Contains(name)) throw new ArgumentException($"\"{name}\" is reserved by the protocol.", nameof(name));
    }

    public OutgoingMessage Event<T1, T2, T3>(ReadOnlySpan<byte> @namespace, long id, string name, int count, T1 first, T2 second, T3 third)
    {
        CheckName(name);
        var scratch = Begin(name);
        try
        {
            if (count > 0) Write(scratch.Writer, first);
            if (count > 1) Write(scratch.Writer, second);
            if (count > 2) Write(scratch.Writer, third);
            return End(scratch, SocketPacketType.Event, @namespace, id);
        }
        finally
        {
            Leave(scratch);
        }
    }

    public OutgoingMessage EventArgs(ReadOnlySpan<byte> @namespace, string name, ReadOnlySpan<object?> args, long id = SocketPacket.NoId)
    {
        CheckName(name);
        var scratch = Begin(name);
        try
        {
            foreach (var arg in args) Write(scratch.Writer, arg);
            return End(scratch, SocketPacketType.Event, @namespace, id);
        }
        finally
        {
            Leave(scratch);
        }
    }

    public PacketBody Body(string name, ReadOnlySpan<object?> args)
    {
        CheckName(name);
        var scratch = Begin(name);
        try
        {
            foreach (var arg in args) Write(scratch.Writer, arg);
            scratch.Writer.WriteEndArray();
            scratch.Writer.Flush();
            ForgedPlaceholders.ThrowIfAny(scratch.Buffer.WrittenSpan, scratch.Attachments);
            return _parser.Prepare(scratch.Buffer.WrittenSpan, scratch.Attachments.ToArray());
        }
        finally
        {
            Leave(scratch);
        }
    }

    public OutgoingMessage Ack<T>(ReadOnlySpan<byte> @namespace, long id, bool hasValue, T value)
    {
        var scratch = Begin(null);
        try
        {
            if (hasValue) Write(scratch.Writer, value);
            return End(scratch, SocketPacketType.Ack, @namespace, id);
        }
        finally
        {
            Leave(scratch);
        }
    }

    /// <param name="namespace">The namespace, as it stands in packets.</param>
    /// <param name="id">The id of the ack.</param>
    /// <param name="value">The argument.</param>
    /// <param name="declared">The declared type of the argument.</param>
    public OutgoingMessage Ack(ReadOnlySpan<byte> @namespace, long id, object? value, Type declared)
    {
        var scratch = Begin(null);
        try
        {
            Write(scratch.Writer, value, declared);
            return End(scratch, SocketPacketType.Ack, @namespace, id);
        }
        finally
        {
            Leave(scratch);
        }
    }

    /// <summary>The elements of a tuple are the arguments.</summary>
    public OutgoingMessage AckTuple(ReadOnlySpan<byte> @namespace, long id, ITuple tuple)
    {
        var declared = TupleTypes.Of(tuple.GetType());
        var scratch = Begin(null);
        try
        {
            for (var i = 0; i < tuple.Length; i++) Write(scratch.Writer, tuple[i], declared[i]);
            return End(scratch, SocketPacketType.Ack, @namespace, id);
        }
        finally
        {
            Leave(scratch);
        }
    }

    public OutgoingMessage AckArgs(ReadOnlySpan<byte> @namespace, long id, IReadOnlyList<object?> args)
    {
        var scratch = Begin(null);
        try
        {
            foreach (var arg in args) Write(scratch.Writer, arg);
            return End(scratch, SocketPacketType.Ack, @namespace, id);
        }
        finally
        {
            Leave(scratch);
        }
    }

    /// <summary>A string alone, as JSON.</summary>
    public byte[] Text(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder })) writer.WriteStringValue(text);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A value alone, as JSON without binary.</summary>
    public byte[] Value(object value) => JsonSerializer.SerializeToUtf8Bytes(value, Options.GetTypeInfo(value.GetType()));

    private JsonScratch Begin(string? name)
    {
        var scratch = JsonScratch.Take(Options);
        scratch.Outer = BinaryScope.Written;
        BinaryScope.Written = scratch.Attachments;
        try
        {
            scratch.Writer.WriteStartArray();
            if (name is not null) scratch.Writer.WriteStringValue(name);
            return scratch;
        }
        catch
        {
            // An encoder of the program may throw.
            Leave(scratch);
            throw;
        }
    }

    private OutgoingMessage End(JsonScratch scratch, SocketPacketType type, ReadOnlySpan<byte> @namespace, long id)
    {
        scratch.Writer.WriteEndArray();
        scratch.Writer.Flush();
        ForgedPlaceholders.ThrowIfAny(scratch.Buffer.WrittenSpan, scratch.Attachments);
        return _parser.Write(type, @namespace, id, scratch.Buffer.WrittenSpan, scratch.Attachments.ToArray());
    }

    private static void Leave(JsonScratch scratch)
    {
        BinaryScope.Written = scratch.Outer;
        scratch.Return();
    }

    private void Write<T>(Utf8JsonWriter writer, T value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case JsonNode node:
                node.WriteTo(writer, Options);
                break;
            default:
                var info = typeof(T).IsSealed ? Options.GetTypeInfo(typeof(T)) : InfoOf(value.GetType(), typeof(T));
                if (info is JsonTypeInfo<T> typed) JsonSerializer.Serialize(writer, value, typed);
                else JsonSerializer.Serialize(writer, value, info);
                break;
        }
    }

    private void Write(Utf8JsonWriter writer, object? value, Type declared)
    {
        if (value is null or string or JsonNode) Write(writer, value);
        else JsonSerializer.Serialize(writer, value, InfoOf(value.GetType(), declared));
    }

    // If the declared type is polymorphic, it writes the discriminator. Otherwise the type of the value counts.
    private JsonTypeInfo InfoOf(Type own, Type declared) =>
        own != declared && Options.TryGetTypeInfo(declared, out var info) && info.PolymorphismOptions is not null ? info : Options.GetTypeInfo(own);

    private static JsonSerializerOptions Create(JsonSerializerOptions given, bool isDefault, Action<JsonSerializerOptions> addFirst)
    {
        var options = new JsonSerializerOptions(given);
        options.TypeInfoResolver ??= JsonSerializer.IsReflectionEnabledByDefault ? ReflectionResolver() : JsonTypeInfoResolver.Combine();
        // These come before the others for the same type. The converters of the program come before all of them.
        addFirst(options);
        options.Converters.Add(new BinaryArrayConverter());
        options.Converters.Add(new BinaryReadOnlyMemoryConverter());
        options.Converters.Add(new BinaryMemoryConverter());
        options.Converters.Add(new BinaryStreamConverter());
        options.Converters.Add(new FiniteConverter<double>(JsonMetadataServices.DoubleConverter));
        options.Converters.Add(new FiniteConverter<float>(JsonMetadataServices.SingleConverter));
        options.Converters.Add(new FiniteConverter<Half>(JsonMetadataServices.HalfConverter));
        options.Converters.Add(new UndefinedElementConverter());
        // With a duplicate name, a JsonObject would throw when it is read, and other types would each see another value.
        options.AllowDuplicateProperties = false;
        options.TypeInfoResolver = options.TypeInfoResolver.WithAddedModifier(new OwnNumberHandling(() => options).Apply).WithAddedModifier(MissingCollections.LeaveOut);
        if (isDefault) options.TypeInfoResolver = options.TypeInfoResolver.WithAddedModifier(ClientNulls.Apply);
        options.MakeReadOnly();
        return options;
    }

    private static void AddBinary(JsonSerializerOptions options)
    {
        options.Converters.Add(new TextOnlyConverter<JsonElement>(new UndefinedElementConverter()));
        options.Converters.Add(new TextOnlyConverter<JsonDocument>(JsonMetadataServices.JsonDocumentConverter));
        options.Converters.Add(new TextOnlyConverter<object>(JsonMetadataServices.ObjectConverter));
        options.Converters.Add(new BinaryNodeConverter<JsonNode>());
        options.Converters.Add(new BinaryNodeConverter<JsonObject>());
        options.Converters.Add(new BinaryNodeConverter<JsonArray>());
        options.Converters.Add(new BinaryNodeConverter<JsonValue>());
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(ExtensionNodes.Restore);
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only where reflection is on; elsewhere the caller gives a resolver.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only where reflection is on; elsewhere the caller gives a resolver.")]
    private static DefaultJsonTypeInfoResolver ReflectionResolver() => new();
}
