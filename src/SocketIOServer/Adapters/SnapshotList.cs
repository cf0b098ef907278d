using System.Collections;

namespace SocketIOServer.Adapters;

/// <summary>Sockets that an adapter has fetched from several servers, and which servers did not answer: an adapter may return it from <see cref="Adapter.FetchAsync"/>.</summary>
/// <param name="sockets">The sockets.</param>
/// <param name="missingNodes">The names of the servers that did not answer in time.</param>
public sealed class SnapshotList(IReadOnlyList<SocketSnapshot> sockets, IReadOnlyList<string> missingNodes) : IReadOnlyList<SocketSnapshot>
{
    /// <summary>The names of the servers that did not answer in time.</summary>
    public IReadOnlyList<string> MissingNodes => missingNodes;

    /// <inheritdoc/>
    public int Count => sockets.Count;

    /// <inheritdoc/>
    public SocketSnapshot this[int index] => sockets[index];

    /// <inheritdoc/>
    public IEnumerator<SocketSnapshot> GetEnumerator() => sockets.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
