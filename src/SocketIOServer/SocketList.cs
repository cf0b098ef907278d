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

    /// <inheritdoc/>
    public int Count => _sockets.Length;

    /// <inheritdoc/>
    public IRemoteSocket this[int index] => _sockets[index];

    /// <inheritdoc/>
    public IEnumerator<IRemoteSocket> GetEnumerator() => _sockets.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
