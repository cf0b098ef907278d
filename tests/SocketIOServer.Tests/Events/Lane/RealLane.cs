using System.Globalization;
using System.Text;
using SocketIOServer.Events;
using SocketIOServer.Sockets;

namespace SocketIOServer.Tests.Events.Lane;

/// <summary>An event lane, and which of its handlers have begun. The receive loop posts the next event when the lane has room, as it does on the wire.</summary>
internal sealed class RealLane
{
    public const string Immediate = "now";
    public const string Waiting = "wait";

    private readonly UnhandledBytes _unhandled = new(long.MaxValue);
    private readonly EventLane _lane;
    private readonly List<string> _begun = [];
    private TaskCompletionSource? _running;
    private Task _room = Task.CompletedTask;
    private bool _isOpen;
    private bool _hasLast;
    private int _posted;

    /// <param name="socket">Its namespace hands the events named above to <see cref="Begin"/>.</param>
    /// <param name="maxQueued">Events.</param>
    public RealLane(Socket socket, int maxQueued) => _lane = new(socket, maxQueued, _unhandled);

    public void Post(int bytes, bool waits)
    {
        if (!_room.IsCompleted) return;
        _posted++;
        var name = waits ? Waiting : Immediate;
        var json = string.Create(CultureInfo.InvariantCulture, $"[\"{name}\",{_posted}]").PadRight(bytes);
        _room = _lane.PostAsync(new SocketPacket
        {
            Type = SocketPacketType.Event,
            Id = SocketPacket.NoId,
            Json = Encoding.UTF8.GetBytes(json),
            Name = Encoding.UTF8.GetBytes(name),
            ArgumentsStart = name.Length + 3,
            Attachments = [],
        }).AsTask();
    }

    /// <summary>A handler begins. It ends at once, or with <see cref="EndHandler"/>.</summary>
    public Task Begin(string name, bool waits)
    {
        _begun.Add(_running is null ? name : $"{name} while another runs");
        if (!waits) return Task.CompletedTask;
        // What follows in the lane runs where the handler is told to end.
        _running = new();
        return _running.Task;
    }

    public void Open()
    {
        if (_isOpen) return;
        _isOpen = true;
        _lane.Open();
    }

    public void EndHandler()
    {
        var running = _running;
        _running = null;
        running?.SetResult();
    }

    public void Shut() => _lane.Shut();

    public void RunLast(bool waits)
    {
        if (_hasLast) return;
        _hasLast = true;
        _lane.RunLast(() => new(Begin("last", waits)));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"begun {string.Join(' ', _begun)}, {_unhandled.Count} bytes{(_running is null ? "" : ", running")}{(_room.IsCompleted ? "" : ", full")}");
}
