using System.Numerics;
using System.Runtime.InteropServices;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>Removes the mask: a client's bytes are XORed with a key of four bytes that repeats (RFC 6455, section 5.3).</summary>
internal static class Mask
{
    /// <param name="data">The bytes. They are unmasked in place.</param>
    /// <param name="key">The key. Its bytes are in the order of the wire.</param>
    /// <param name="offset">The number of earlier bytes of the same frame.</param>
    public static void Remove(Span<byte> data, uint key, long offset)
    {
        key = BitConverter.IsLittleEndian ? BitOperations.RotateRight(key, (int)(offset & 3) * 8) : BitOperations.RotateLeft(key, (int)(offset & 3) * 8);
        var wide = (ulong)key << 32 | key;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        for (var i = 0; i < words.Length; i++) words[i] ^= wide;
        var rest = data[(words.Length * sizeof(ulong))..];
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(ref wide));
        for (var i = 0; i < rest.Length; i++) rest[i] ^= bytes[i];
    }
}
