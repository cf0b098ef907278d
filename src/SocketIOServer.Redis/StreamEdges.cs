using SocketIOServer.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>Where a stream begins and ends, from the answer to XINFO STREAM. The default: there is no stream.</summary>
/// <param name="First">Its first entry. Null: it has none.</param>
/// <param name="Last">The id of the last entry that was ever written, also if that was removed since.</param>
/// <param name="Length">How many entries it has.</param>
internal readonly record struct StreamEdges(EntryId? First, EntryId Last, long Length)
{
    public static StreamEdges Read(RedisResult answer)
    {
        var edges = default(StreamEdges);
        var fields = (RedisResult[])answer!;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            switch ((string?)fields[i])
            {
                case "length":
                    edges = edges with { Length = (long)fields[i + 1] };
                    break;
                case "last-generated-id":
                    if (EntryId.TryParse((string?)fields[i + 1], out var last)) edges = edges with { Last = last };
                    break;
                case "first-entry":
                    if (!fields[i + 1].IsNull && EntryId.TryParse((string?)fields[i + 1][0], out var first)) edges = edges with { First = first };
                    break;
            }
        }

        return edges;
    }
}
