using System.Security.Cryptography;
using System.Text;

namespace SocketIOServer.Adapters;

/// <summary>
/// The text that names a position in an <see cref="EventLog"/>. Six characters name the log and eight characters are the position. The length is always the same, so
/// that a message can be encoded before its position is known.
/// </summary>
internal static class LogOffset
{
    public const int Length = EpochLength + Digits;

    private const int EpochLength = 6;
    private const int Digits = 8;
    private const int BitsOfDigit = 6;

    // A text that is never sent: it marks the place in a message that has no position yet.
    public static byte[] Placeholder { get; } = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(Alphabet, Length));

    // In the order of the characters' codes, so that later offsets are greater texts.
    private const string Alphabet = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    /// <summary>Creates a name for a log. Offsets of another log, such as the one before a restart, do not have it.</summary>
    public static byte[] CreateEpoch() => Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(Alphabet, EpochLength));

    public static void Write(Span<byte> text, ReadOnlySpan<byte> epoch, long position)
    {
        epoch.CopyTo(text);
        for (var i = Length - 1; i >= EpochLength; i--, position >>= BitsOfDigit) text[i] = (byte)Alphabet[(int)(position & ((1 << BitsOfDigit) - 1))];
    }

    /// <summary>Reads an offset that a client sent. Returns false if it is not an offset at all.</summary>
    /// <param name="text">The text.</param>
    /// <param name="epoch">The name of the log.</param>
    /// <param name="position">The position. Null: the offset is of another log.</param>
    public static bool TryRead(string text, ReadOnlySpan<byte> epoch, out long? position)
    {
        position = null;
        if (text.Length != Length) return false;
        long value = 0;
        var isOfEpoch = true;
        for (var i = 0; i < Length; i++)
        {
            var digit = Alphabet.IndexOf(text[i], StringComparison.Ordinal);
            if (digit < 0) return false;
            if (i < EpochLength) isOfEpoch &= epoch[i] == text[i];
            else value = value << BitsOfDigit | (long)digit;
        }

        if (isOfEpoch) position = value;
        return true;
    }
}
