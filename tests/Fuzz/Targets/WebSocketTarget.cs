using System.Buffers;
using System.Text.Unicode;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.Fuzz.Targets;

/// <summary>A client's WebSocket frames, plain and deflated. However the bytes are cut, the messages are the same.</summary>
internal sealed class WebSocketTarget : Target
{
    private const int MaxPayload = 10_000;
    private const int LongestHeld = 14 + 125;

    private static readonly int[] Cuts = [1, 7];

    public override void Read(byte[] input)
    {
        var whole = ReadIn(input, Math.Max(1, input.Length));
        foreach (var size in Cuts) Check(whole.SequenceEqual(ReadIn(input, size)), "the messages do not depend on how the bytes are cut");
    }

    // As a connection does, with all that it is given and what was left of it.
    private static List<string> ReadIn(byte[] input, int size)
    {
        var reader = new MessageReader(new EngineOptions { MaxPayload = MaxPayload, MaxFragments = 100 }, isCompressed: true);
        var read = new List<string>();
        byte[] left = [];
        for (var at = 0; at < input.Length; at += size)
        {
            // A copy: frames are unmasked where they lie.
            var buffer = new ReadOnlySequence<byte>([.. left, .. input.AsSpan(at, Math.Min(size, input.Length - at))]);
            while (reader.TryRead(ref buffer) is var kind and not MessageKind.Incomplete)
            {
                Check(reader.Data.Length <= MaxPayload, "nothing is kept beyond MaxPayload");
                Check(kind != MessageKind.Text || Utf8.IsValid(reader.Data.Span), "a text is UTF-8");
                var hasData = kind is MessageKind.Text or MessageKind.Binary or MessageKind.Ping;
                read.Add($"{kind} {(kind == MessageKind.Violation ? reader.Code : 0)} {(hasData ? Convert.ToHexString(reader.Data.Span) : "")}");
                if (kind is not (MessageKind.Violation or MessageKind.Close)) continue;
                reader.Release();
                return read;
            }

            left = buffer.ToArray();
            Check(left.Length < LongestHeld, "only a header or a control frame waits in the pipe");
        }

        reader.Release();
        return read;
    }
}
