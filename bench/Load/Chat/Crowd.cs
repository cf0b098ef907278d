using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using LoadGenerator;

namespace ChatLoad;

/// <summary>
/// All members of the room, on the calling thread: a tab for each user, and a second tab of the first one, which hears everything because
/// nothing is sent from it. So each post goes to as many tabs as there are users.
/// </summary>
internal sealed class Crowd : IDisposable
{
    private const int CreateAck = 0;
    private const int JoinAck = 1;
    private const int FirstPostAck = 2;

    private static readonly long PatienceTicks = 10 * Stopwatch.Frequency;

    private readonly Poller _poller = new();
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly Member[] _members;
    private long _room;
    private int _connected;
    private int _joined;
    private long _heardAt;

    public Crowd(int port, string[] cookies)
    {
        _members = [.. cookies.Append(cookies[0]).Select((cookie, number) => new Member(number, port, cookie))];
        foreach (var member in _members) _poller.Add(member.File, member.Number);
    }

    public int Count => _members.Length;

    /// <summary>What comes in from now on is counted here.</summary>
    public Posts? Posts { get; set; }

    public void EnterRoom()
    {
        Expect(() => _connected == Count, "Not everybody came in.");
        _members[0].Send($"42/rooms,{CreateAck}[\"create\",\"load\"]");
        Expect(() => _room > 0, "There is no room.");
        foreach (var member in _members.AsSpan(1, Count - 2)) member.Send($"42/rooms,{JoinAck}[\"join\",{_room}]");
        Expect(() => _joined == Count - 2, "Not everybody joined.");
        var quiet = Stopwatch.Frequency;
        while (Stopwatch.GetTimestamp() - _heardAt < quiet) Turn(100);   // everybody is told of everybody
    }

    public void Post(int user, int number, string text) =>
        _members[user].Send($"42/rooms,{FirstPostAck + number}[\"message\",{_room},{{\"text\":\"{text}\"}},\"{Guid.NewGuid()}\"]");

    /// <summary>One look at what has come in.</summary>
    public void Turn(int milliseconds)
    {
        var ready = _poller.Wait(milliseconds);
        for (var i = 0; i < ready; i++) _members[_poller.IndexOf(i)].Read(_buffer, this);
    }

    /// <summary>Until it is so; false: nothing has come for ten seconds.</summary>
    public bool WaitFor(Func<bool> isSo)
    {
        _heardAt = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetTimestamp() - _heardAt > PatienceTicks) return false;
            Turn(100);
        }

        return true;
    }

    public void OnText(Member member, ReadOnlySpan<byte> text)
    {
        // engine.io-protocol v4: 2 is a ping, 3 a pong, 0 the handshake; socket.io-protocol v5: 40 connects, 42 is an event, 43 an ack.
        if (text is [(byte)'2'])
        {
            member.Send("3");
            return;
        }

        _heardAt = Stopwatch.GetTimestamp();
        if (text.StartsWith("42/rooms,[\"message\","u8)) Posts!.OnDelivery(member.Number, text, _heardAt);
        else if (text.StartsWith("43/rooms,"u8)) OnAck(text["43/rooms,"u8.Length..]);
        else if (text[0] == '0') member.Send("40/rooms,");
        else if (text.StartsWith("40/rooms,"u8)) _connected++;
        else if (!text.StartsWith("42/rooms,["u8)) throw new InvalidDataException($"The server sent {Encoding.UTF8.GetString(text)}");
    }

    public void Dispose()
    {
        foreach (var member in _members) member.Dispose();
    }

    // 43/rooms,<id>[<the message or the room, or { error }>]
    private void OnAck(ReadOnlySpan<byte> ack)
    {
        var id = Number(ack, out var length);
        var answer = ack[length..];
        if (id >= FirstPostAck) Posts!.OnAck((int)id - FirstPostAck, answer, _heardAt);
        else if (!answer.StartsWith("[{\"id\":"u8)) throw new InvalidOperationException($"The server refused: {Encoding.UTF8.GetString(ack)}");
        else if (id == JoinAck) _joined++;
        else _room = Number(answer["[{\"id\":"u8.Length..], out _);
    }

    private static long Number(ReadOnlySpan<byte> text, out int length) =>
        Utf8Parser.TryParse(text, out long number, out length) ? number : throw new InvalidDataException($"No number: {Encoding.UTF8.GetString(text)}");

    private void Expect(Func<bool> isSo, string otherwise)
    {
        if (!WaitFor(isSo)) throw new TimeoutException(otherwise);
    }
}
