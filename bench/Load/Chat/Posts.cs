using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LoadGenerator;

namespace ChatLoad;

/// <summary>What was posted, and who heard it when and in which order. Post i is of user i modulo the users.</summary>
internal sealed class Posts
{
    private static ReadOnlySpan<byte> Marker => "\"text\":\"Post "u8;

    private readonly int _users;
    private readonly int[][] _heard;         // of each tab, the numbers in the order in which they came
    private readonly int[] _counts;
    private readonly bool[][] _has;
    private readonly bool[] _acked;
    private readonly int[] _missing;         // of each post, deliveries still to come

    public Posts(int users, int tabs, int count)
    {
        (_users, Count) = (users, count);
        _heard = [.. Enumerable.Range(0, tabs).Select(_ => new int[count])];
        _has = [.. Enumerable.Range(0, tabs).Select(_ => new bool[count])];
        _counts = new int[tabs];
        _acked = new bool[count];
        _missing = [.. Enumerable.Repeat(tabs - 1, count)];
        DueAt = new long[count];
    }

    public int Count { get; }

    /// <summary>When each should be sent; what it waits for is counted from then, also when it was sent late.</summary>
    public long[] DueAt { get; }

    public Histogram ToAck { get; } = new();

    public Histogram ToLast { get; } = new();

    public long Expected => (long)Count * (_heard.Length - 1);

    public long Delivered { get; private set; }

    public long Doubled { get; private set; }

    public int Acked { get; private set; }

    public int Refused { get; private set; }

    public bool IsOver => Delivered == Expected && Acked + Refused == Count;

    public int AuthorOf(int post) => post % _users;

    public static string TextOf(int post) => $"Post {post:000000}: as many words as people write in a line of a chat.";

    public void OnDelivery(int tab, ReadOnlySpan<byte> message, long now)
    {
        var post = PostIn(message) ?? throw new InvalidDataException("A message that nobody posted.");
        if (_has[tab][post])
        {
            Doubled++;
            return;
        }

        _has[tab][post] = true;
        _heard[tab][_counts[tab]++] = post;
        Delivered++;
        if (--_missing[post] == 0) ToLast.Add(now - DueAt[post]);
    }

    public void OnAck(int post, ReadOnlySpan<byte> answer, long now)
    {
        if (_acked[post]) Doubled++;
        else if (PostIn(answer) == post) Acked++;
        else Refused++;
        _acked[post] = true;
        ToAck.Add(now - DueAt[post]);
    }

    /// <summary>How many different orders the users saw. A tab does not hear what was sent from it: that is put where the silent tab heard it.</summary>
    public int CountOrders() => Enumerable.Range(0, _heard.Length).Select(OrderOf).Distinct().Count();

    private static int? PostIn(ReadOnlySpan<byte> message)
    {
        var at = message.IndexOf(Marker);
        return at >= 0 && Utf8Parser.TryParse(message[(at + Marker.Length)..], out int post, out _) ? post : null;
    }

    private string OrderOf(int tab)
    {
        var heard = _heard[tab].AsSpan(0, _counts[tab]);
        var order = new List<int>(Count);
        foreach (var post in _heard[^1].AsSpan(0, _counts[^1]))
        {
            if (!_has[tab][post] && AuthorOf(post) == tab) order.Add(post);
            else if (!heard.IsEmpty)
            {
                order.Add(heard[0]);
                heard = heard[1..];
            }
        }

        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(order))));
    }
}
