using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// The part of a broadcast with acks that sockets of other servers answer. Ours name the socket of each ack; Node's servers tell only how many they have
/// asked, so their sockets are called after the server and a number.
/// </summary>
internal sealed class CallOfOthers(BroadcastCall call, ClusterQuestion question)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Asked, int Answered)> _unnamed = new(StringComparer.Ordinal);

    private int _anonymous;

    public ClusterQuestion Question => question;

    /// <summary>A server tells whom it has asked, or how many.</summary>
    public void OnCount(in ClusterMessage message)
    {
        if (message.Rooms.Length == message.Count)
        {
            foreach (var id in message.Rooms) Ask(id);
        }
        else
        {
            // An ack may have come before.
            int asked, all;
            lock (_gate)
            {
                (asked, var answered) = _unnamed.GetValueOrDefault(message.Sender);
                // Those of all servers that do not say who they are count together.
                all = message.Sender == ClusterMessage.Anonymous ? _anonymous += message.Count : message.Count;
                _unnamed[message.Sender] = (Math.Max(asked, all), answered);
            }

            for (var i = asked + 1; i <= all; i++) call.OnAsked($"{message.Sender}/{i}");
        }

        question.OnHeard(message.Sender);
    }

    public void OnAck(in ClusterMessage message, int bytes)
    {
        var id = message.SocketId ?? NextOf(message.Sender);
        Ask(id);
        if (!question.TryKeep(bytes))
        {
            // As if it had not come: nobody waits for it any more.
            call.OnLeft(id);
            return;
        }

        byte[] json = [(byte)'[', .. message.Json.Span, (byte)']'];
        call.OnAnswered(id, json, message.Attachments);
    }

    public void OnLeft(in ClusterMessage message)
    {
        Ask(message.SocketId!);
        call.OnLeft(message.SocketId!);
    }

    private void Ask(string id)
    {
        lock (_gate)
        {
            if (!_asked.Add(id)) return;
        }

        call.OnAsked(id);
    }

    private string NextOf(string sender)
    {
        lock (_gate)
        {
            var (asked, answered) = _unnamed.GetValueOrDefault(sender);
            _unnamed[sender] = (Math.Max(asked, answered + 1), answered + 1);
            var id = $"{sender}/{answered + 1}";
            // It was counted when its server told how many there are.
            if (answered < asked) _asked.Add(id);
            return id;
        }
    }
}
