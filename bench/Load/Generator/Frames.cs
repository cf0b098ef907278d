using System.Buffers.Binary;
using System.Text;

namespace LoadGenerator;

/// <summary>WebSocket frames (RFC 6455, 5.2), the little of them that this load needs: small, and fragments only as they come.</summary>
internal static class Frames
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    // One key for all frames lets them be built once. Not zero: a server might see that and skip the unmasking that real clients cost it.
    private static readonly byte[] Key = [0x37, 0xfa, 0x21, 0x3d];

    /// <summary>A masked frame, as a client must send it; up to 65,535 bytes of payload.</summary>
    public static byte[] Build(int opcode, ReadOnlySpan<byte> payload)
    {
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + Key.Length + payload.Length];
        frame[0] = (byte)(0x80 | opcode);
        frame[1] = (byte)(0x80 | (head == 2 ? payload.Length : 126));
        if (head == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
        Key.CopyTo(frame, head);
        for (var i = 0; i < payload.Length; i++) frame[head + Key.Length + i] = (byte)(payload[i] ^ Key[i & 3]);
        return frame;
    }

    public static byte[] Build(string text) => Build(Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Cuts one frame of the server off the front of <paramref name="bytes"/>; false when it is not all there yet.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out int opcode, out ReadOnlySpan<byte> payload)
    {
        opcode = 0;
        payload = default;
        if (bytes.Length < 2) return false;
        var head = 2;
        var length = bytes[1] & 0x7f;
        if (length == 126)
        {
            if (bytes.Length < 4) return false;
            head = 4;
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        }

        if ((bytes[0] & 0x70) != 0 || bytes[1] > 126) throw new InvalidDataException("The server sent a frame that this load never asks for.");
        if (bytes.Length < head + length) return false;
        opcode = bytes[0] & 0x0f;
        payload = bytes.Slice(head, length);
        bytes = bytes[(head + length)..];
        return true;
    }
}
