using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using SocketIOServer.Adapters;

namespace SocketIOServer.Redis;

/// <summary>
/// Writes messages as python-socketio 5.15.1 and later do, as JSON, which all versions read. Behind Python's keys come two of ours, which Python ignores:
/// <c>cluster</c> says on which cluster the same was sent, <c>argc</c> how many arguments there are where <see cref="PythonDataForm.Bare"/> leaves it open.
/// </summary>
internal sealed class PythonMessageWriter(string hostId, PythonDataForm form)
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    /// <summary>Writes an event.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="json">The name and the arguments as a JSON array.</param>
    /// <param name="attachments">The binary arguments.</param>
    /// <param name="target">The receivers.</param>
    /// <param name="callback">The number of the callback; null: no answer is waited for.</param>
    /// <param name="cluster">On which cluster the same was sent.</param>
    /// <param name="arguments">How many arguments the event has.</param>
    /// <returns>Null: <see cref="PythonDataForm.Bare"/> has no binary.</returns>
    public byte[]? Emit(
        string @namespace, ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, in Target target, long? callback, string? cluster, out int arguments)
    {
        var name = Split(json, out var inner, out arguments);
        if (form == PythonDataForm.Bare && attachments.Count > 0) return null;
        var (isBinary, count, rooms, skipped) = (attachments.Count > 0, arguments, target.Rooms, target.Except);
        var buffer = new ArrayBufferWriter<byte>(json.Length + 256);
        using var writer = new Utf8JsonWriter(buffer, Unchecked);
        Begin(writer, "emit"u8);
        writer.WritePropertyName("event"u8);
        writer.WriteRawValue(name, skipInputValidation: true);
        writer.WritePropertyName("data"u8);
        WriteData(writer, inner, count, attachments);
        writer.WriteBoolean("binary"u8, isBinary);
        writer.WriteString("namespace"u8, @namespace);
        WriteNames(writer, "room"u8, rooms);
        WriteNames(writer, "skip_sid"u8, skipped);
        writer.WritePropertyName("callback"u8);
        if (callback is { } id)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(rooms[0]);
            writer.WriteStringValue(@namespace);
            writer.WriteNumberValue(id);
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteString("host_id"u8, hostId);
        if (form == PythonDataForm.Bare) writer.WriteNumber("argc"u8, count);
        return End(writer, buffer, cluster);
    }

    /// <summary>Writes enter_room, leave_room, close_room or disconnect.</summary>
    /// <param name="method">The method.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="sid">The socket; null with close_room.</param>
    /// <param name="room">The room; null with disconnect.</param>
    /// <param name="cluster">On which cluster the same was sent.</param>
    public byte[] Change(ReadOnlySpan<byte> method, string @namespace, string? sid, string? room, string? cluster)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Unchecked);
        Begin(writer, method);
        if (sid is not null) writer.WriteString("sid"u8, sid);
        if (room is not null) writer.WriteString("room"u8, room);
        writer.WriteString("namespace"u8, @namespace);
        writer.WriteString("host_id"u8, hostId);
        return End(writer, buffer, cluster);
    }

    /// <summary>Writes the answer of a client to an event with a callback.</summary>
    /// <param name="asker">The server that waits for it.</param>
    /// <param name="callback">What it waits for.</param>
    /// <param name="arguments">The arguments as a JSON array.</param>
    public static byte[] Callback(string asker, in PythonCallback callback, ReadOnlySpan<byte> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(arguments.Length + 256);
        using var writer = new Utf8JsonWriter(buffer, Unchecked);
        Begin(writer, "callback"u8);
        writer.WriteString("host_id"u8, asker);
        writer.WriteString("sid"u8, callback.Sid);
        writer.WriteString("namespace"u8, callback.Namespace);
        writer.WriteNumber("id"u8, callback.Id);
        writer.WritePropertyName("args"u8);
        writer.WriteRawValue(arguments, skipInputValidation: true);
        return End(writer, buffer, cluster: null);
    }

    private static void Begin(Utf8JsonWriter writer, ReadOnlySpan<byte> method)
    {
        writer.WriteStartObject();
        writer.WriteString("method"u8, method);
    }

    private static byte[] End(Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer, string? cluster)
    {
        if (cluster is not null) writer.WriteString("cluster"u8, cluster);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    // null, the one name, or a list.
    private static void WriteNames(Utf8JsonWriter writer, ReadOnlySpan<byte> key, ImmutableArray<string> names)
    {
        if (names.IsEmpty)
        {
            writer.WriteNull(key);
        }
        else if (names is [var one])
        {
            writer.WriteString(key, one);
        }
        else
        {
            writer.WriteStartArray(key);
            foreach (var name in names) writer.WriteStringValue(name);
            writer.WriteEndArray();
        }
    }

    // The event's name, and what stands between it and the end of the array.
    private static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> inner, out int count)
    {
        var reader = new Utf8JsonReader(json, AnyDepth);
        reader.Read();
        reader.Read();
        var name = json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
        (var start, var end, count) = (0, 0, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count++ == 0) start = (int)reader.TokenStartIndex;
            reader.Skip();
            end = (int)reader.BytesConsumed;
        }

        inner = json[start..end];
        return name;
    }

    private void WriteData(Utf8JsonWriter writer, ReadOnlySpan<byte> inner, int count, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        if (form == PythonDataForm.Bare && count == 0)
        {
            writer.WriteNullValue();
            return;
        }

        if (form == PythonDataForm.Bare && count == 1)
        {
            writer.WriteRawValue(inner, skipInputValidation: true);
            return;
        }

        if (attachments.Count > 0) writer.WriteStartArray();
        writer.WriteStartArray();
        // Several values with their commas between them: the writer takes them for one.
        if (count > 0) writer.WriteRawValue(inner, skipInputValidation: true);
        writer.WriteEndArray();
        if (attachments.Count == 0) return;
        foreach (var attachment in attachments) writer.WriteBase64StringValue(attachment.Span);
        writer.WriteEndArray();
    }
}
