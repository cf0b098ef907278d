using System.Collections;

namespace SocketIOServer;

/// <summary>The sockets of a set, as they were when somebody asked for them: what <see cref="IBroadcast.FetchSocketsAsync"/> returns.</summary>
public sealed class SocketList : IReadOnlyList<IRemoteSocket>
{
    private readonly IRemoteSocket[] _sockets;

    /// <summary>A list of these sockets.</summary>
    /// <param name="sockets">They are copied.</param>
    public SocketList(IEnumerable<IRemoteSocket> sockets)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        _sockets = [.. sockets];
    }

    /// <summary>The names of the servers of the cluster that did not answer in time: their sockets are not in the list. Empty without a cluster.</summary>
    public IReadOnlyList<string> MissingNodes { get; init; } = [];

    /// <inheritdoc/>
    public int Count => _sockets.Length;

    /// <inheritdoc/>
    public IRemoteSocket this[int index] => _sockets[index];

    /// <inheritdoc/>
    public IEnumerator<IRemoteSocket> GetEnumerator() => _sockets.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
