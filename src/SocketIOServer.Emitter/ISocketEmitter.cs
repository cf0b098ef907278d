namespace SocketIOServer.Emitter;

/// <summary>
/// The clients of a cluster, for a process that has no server: a worker, a console program, a job that runs once. It emits to rooms and sockets, changes
/// rooms, disconnects, lists, counts, and asks clients and servers for answers. All members may be used from any thread.
/// </summary>
/// <remarks>
/// <para>
/// An emitter has no clients of its own: <c>Local</c> is empty and <c>FindSocket</c> returns null. The servers do not list it in <c>Cluster.Nodes</c> and do
/// not wait for answers from it. Every namespace name is accepted, because the emitter does not know what the servers have declared.
/// </para>
/// <para>
/// A server goes on without its bus, for its own clients. An emitter has nobody else, so <b>a call throws an <see cref="EmitterException"/> if the bus does not
/// take the message</b>. A call that completes means that the message is queued. <see cref="FlushAsync"/> waits until the engine has everything;
/// disposing of the emitter does so too. A message that was lost is not sent again.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// await using var io = SocketEmitter.Create(emitter => emitter.AddRedis("127.0.0.1:6379"));
/// await io.To("customers").EmitAsync("prices", new { gold = 2145.3 });
/// await io.FlushAsync();
/// </code>
/// </example>
public interface ISocketEmitter : ISocketServer, IAsyncDisposable
{
    /// <summary>Waits until the engine of the bus has every message that was emitted before.</summary>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="EmitterException">
    /// The bus is down, did not confirm the messages within <see cref="SocketEmitterOptions.FlushTimeout"/>, or messages were lost since the last flush.
    /// </exception>
    Task FlushAsync(CancellationToken cancel = default);
}
