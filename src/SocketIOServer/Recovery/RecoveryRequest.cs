using System.Buffers;
using System.Text.Json;

namespace SocketIOServer.Recovery;

/// <summary>What a client that comes back says in its CONNECT packet: the secret of its session, and the last offset that it received.</summary>
/// <param name="Id">The secret (<c>pid</c>).</param>
/// <param name="Offset">Null if the client has received no event.</param>
/// <param name="HasInvalidOffset">The client sent something else than a text.</param>
internal sealed record RecoveryRequest(string Id, string? Offset, bool HasInvalidOffset)
{
    private const int MaxLength = 256;

    /// <summary>Takes <c>pid</c> and <c>offset</c> out of the auth of a client, which a program does not get to see.</summary>
    /// <param name="auth">A JSON object, or nothing.</param>
    /// <param name="rest">The same object without the two, or nothing if they were all.</param>
    /// <returns>Null if the client does not ask for a session.</returns>
    public static RecoveryRequest? Take(byte[] auth, out byte[] rest)
    {
        rest = auth;
        if (auth.AsSpan().IndexOf("\"pid\""u8) < 0) return null;
        // The depth was checked when the packet was received.
        var reader = new Utf8JsonReader(auth, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var kept = new ArrayBufferWriter<byte>(auth.Length);
        kept.Write("{"u8);
        string? id = null, offset = null;
        var hasInvalidOffset = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isId, isOffset, start) = (reader.ValueTextEquals("pid"u8), reader.ValueTextEquals("offset"u8), (int)reader.TokenStartIndex);
            reader.Read();
            var text = reader.TokenType == JsonTokenType.String ? ReadText(reader) : null;
            reader.Skip();
            if (isId) id = text;
            else if (isOffset) (offset, hasInvalidOffset) = (text, text is null);
            else
            {
                if (kept.WrittenCount > 1) kept.Write(","u8);
                kept.Write(auth.AsSpan(start..(int)reader.BytesConsumed));
            }
        }

        if (id is null) return null;
        kept.Write("}"u8);
        rest = kept.WrittenCount > "{}".Length ? kept.WrittenSpan.ToArray() : [];
        return new(id, offset, hasInvalidOffset);
    }

    // Null: half of a surrogate pair, which is no text, or more than any server has given. Other servers are asked for it.
    private static string? ReadText(in Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MaxLength) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
