using SocketIOServer.Adapters;
using SocketIOServer.Events;

namespace SocketIOServer.Broadcasts;

/// <summary>A part of a namespace: what <c>To</c>, <c>Except</c> and <c>Volatile</c> return.</summary>
internal sealed class TargetedBroadcast(NamespaceContext @namespace, Target target) : BroadcastOperator
{
    public override NamespaceContext Context => @namespace;

    protected override Target Target => target;
}
