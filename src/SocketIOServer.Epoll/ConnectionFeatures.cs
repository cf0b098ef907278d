using System.Buffers;
using System.Collections;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Epoll;

/// <summary>What Kestrel asks a connection for. The few that others add are a list: a dictionary costs an idle connection more than all else here.</summary>
internal sealed class ConnectionFeatures(EpollConnection connection, EpollLoop loop)
    : IFeatureCollection, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature, IMemoryPoolFeature
{
    private static readonly Type[] Own =
    [
        typeof(IConnectionIdFeature), typeof(IConnectionTransportFeature), typeof(IConnectionItemsFeature), typeof(IConnectionLifetimeFeature),
        typeof(IConnectionEndPointFeature), typeof(IMemoryPoolFeature), typeof(PipeScheduler),
    ];

    // Null for one that was removed.
    private (Type Key, object? Value)[] _set = [];
    private int _count;

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public MemoryPool<byte> MemoryPool => loop.Pool;

    public string ConnectionId { get => connection.ConnectionId; set => connection.ConnectionId = value; }

    public IDuplexPipe Transport { get => connection.Transport; set => connection.Transport = value; }

    public IDictionary<object, object?> Items { get => connection.Items; set => connection.Items = value; }

    public CancellationToken ConnectionClosed { get => connection.ConnectionClosed; set => connection.ConnectionClosed = value; }

    public EndPoint? LocalEndPoint { get => connection.LocalEndPoint; set => connection.LocalEndPoint = value; }

    public EndPoint? RemoteEndPoint { get => connection.RemoteEndPoint; set => connection.RemoteEndPoint = value; }

    public object? this[Type key]
    {
        get
        {
            var at = Find(key);
            if (at >= 0) return _set[at].Value;
            return key == typeof(PipeScheduler) ? loop.Program : Array.IndexOf(Own, key) >= 0 ? this : null;
        }

        set
        {
            Revision++;
            var at = Find(key);
            if (at < 0)
            {
                if (_count == _set.Length) Array.Resize(ref _set, _count + 4);
                at = _count++;
            }

            _set[at] = (key, value);
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public void Abort() => connection.Abort();

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        foreach (var type in _set.Take(_count).Select(feature => feature.Key).Union(Own))
        {
            if (this[type] is { } feature) yield return new(type, feature);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(Type key)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_set[i].Key == key) return i;
        }

        return -1;
    }
}
