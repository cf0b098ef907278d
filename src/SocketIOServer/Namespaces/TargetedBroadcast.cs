using SocketIOServer.Adapters;

namespace SocketIOServer.Namespaces;

/// <summary>A part of a namespace: what <c>To</c>, <c>Except</c> and <c>Volatile</c> return.</summary>
internal sealed class TargetedBroadcast(Namespace @namespace, Target target) : BroadcastOperator
{
    protected override Namespace Owner => @namespace;

    protected override Target Target => target;
}
