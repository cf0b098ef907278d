using System.Numerics;
using System.Runtime.InteropServices;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>A client's bytes are XORed with a key of four bytes, over and over. RFC 6455, section 5.3.</summary>
internal static class Mask
{
    /// <param name="data">Unmasked where it lies.</param>
    /// <param name="key">As its bytes lie in memory.</param>
    /// <param name="offset">How many bytes of the frame came before.</param>
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
