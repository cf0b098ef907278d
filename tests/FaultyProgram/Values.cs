using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using SocketIOServer;

namespace FaultyProgram;

/// <summary>Checks what it is made of.</summary>
public sealed record Checked
{
    public Checked(string value)
    {
        Fault.At("argument-constructor");
        Fault.At("auth-constructor");
        Fault.At("ack-constructor");
        Fault.At("ack-broadcast");
        Value = value;
    }

    public string Value { get; }
}

/// <summary>A getter that throws.</summary>
internal sealed class Gotten(string place)
{
    public string Value
    {
        get
        {
            Fault.At(place);
            return "x";
        }
    }
}

[JsonConverter(typeof(Converter))]
internal sealed class Converted
{
    private sealed class Converter : JsonConverter<Converted>
    {
        public override Converted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            Fault.At("argument-converter");
            Fault.At("ack-converter");
            return new();
        }

        public override void Write(Utf8JsonWriter writer, Converted value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            Fault.At("emit-converter");
            writer.WriteEndArray();
        }
    }
}

internal sealed class Enumerated : IEnumerable<int>
{
    public IEnumerator<int> GetEnumerator()
    {
        yield return 1;
        Fault.At("emit-enumerable");
        yield return 2;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class Streamed : MemoryStream
{
    public override void CopyTo(Stream destination, int bufferSize) => Fault.At("emit-stream");
}

/// <summary>Emits itself while it is emitted, without an end.</summary>
internal sealed class Recursive(ISocket socket)
{
    public int Value
    {
        get
        {
            socket.EmitAsync("again", this).AsTask().GetAwaiter().GetResult();
            return 1;
        }
    }
}
