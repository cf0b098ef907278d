using System.Text.Json;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// A broadcast of another server that asks the sockets of this one for acks. It tells that server whom it has asked, then each ack, and who has left. Of an
/// ack only the first argument travels, as between Node's servers.
/// </summary>
internal sealed class CallForOther : BroadcastCall
{
    private readonly ClusterAdapter _adapter;
    private readonly ClusterMessage _question;
    private readonly List<string> _asked = [];
    private ITimer? _timer;
    private int _open;
    private bool _isAsking = true;

    public CallForOther(ClusterAdapter adapter, EncodedEvent @event, in ClusterMessage question, TimeSpan timeout)
        : base(@event, timeout) => (_adapter, _question) = (adapter, question);

    /// <summary>Whom it has asked.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>All are asked. The acks are forgotten when the time is over.</summary>
    public void EndLater(TimeProvider time)
    {
        var timer = Timeout >= TimeSpan.Zero ? time.CreateTimer(static state => ((CallForOther)state!).End(), this, Timeout, System.Threading.Timeout.InfiniteTimeSpan) : null;
        lock (_asked)
        {
            _isAsking = false;
            if (_open > 0)
            {
                _timer = timer;
                return;
            }
        }

        timer?.Dispose();
    }

    public override void OnAsked(string socketId)
    {
        lock (_asked)
        {
            _asked.Add(socketId);
            _open++;
        }
    }

    public override void OnAnswered(string socketId, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments)
    {
        _adapter.Answer(_question, new() { Type = ClusterMessageType.Ack, SocketId = socketId, Json = FirstOf(json).ToArray(), Attachments = [.. attachments.Select(static one => (ReadOnlyMemory<byte>)one.ToArray())] });
        Close();
    }

    public override void OnLeft(string socketId)
    {
        _adapter.Answer(_question, new() { Type = ClusterMessageType.AckLeft, SocketId = socketId });
        Close();
    }

    private void Close()
    {
        lock (_asked)
        {
            if (--_open > 0 || _isAsking) return;
        }

        _timer?.Dispose();
    }

    // Empty: the ack has no argument.
    private static ReadOnlyMemory<byte> FirstOf(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (!reader.Read() || !reader.Read() || reader.TokenType == JsonTokenType.EndArray) return default;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
