using System.Buffers;
using NATS.Client.Core;

namespace SocketIOServer.Nats;

/// <summary>
/// Hands each message to the bus on the thread that reads the connection. The subscriptions that NATS.Client.Core brings have a queue each, so messages of
/// different subjects would overtake each other, and a full queue would drop them.
/// </summary>
internal sealed class NatsSubscription(INatsConnection connection, string channel, string subject, BusReceiver receive)
    : NatsSubBase(connection, connection.SubscriptionManager, subject, queueGroup: null, opts: null)
{
    protected override ValueTask ReceiveInternalAsync(string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> payloadBuffer)
    {
        receive(channel, payloadBuffer.IsSingleSegment ? payloadBuffer.FirstSpan : payloadBuffer.ToArray());
        return default;
    }

    protected override void TryComplete()
    {
        // Nothing waits to be read.
    }
}
