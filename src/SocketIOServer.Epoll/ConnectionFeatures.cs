using System.Buffers;
using System.Collections;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Epoll;

/// <summary>
/// The features of a connection that Kestrel and the Engine.IO layer use. Other features are in a list, because a dictionary would take more memory of an idle
/// connection than everything else in this class.
/// </summary>
internal sealed class ConnectionFeatures(EpollConnection connection, EpollLoop loop)
    : IFeatureCollection, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature, IMemoryPoolFeature, IConnectionSchedulerFeature
{
    private static readonly Type[] Own =
    [
        typeof(IConnectionIdFeature), typeof(IConnectionTransportFeature), typeof(IConnectionItemsFeature), typeof(IConnectionLifetimeFeature),
        typeof(IConnectionEndPointFeature), typeof(IMemoryPoolFeature), typeof(IConnectionSchedulerFeature),
    ];

    // Null for a feature that was removed.
    private (Type Key, object? Value)[] _set = [];
    private int _count;

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public MemoryPool<byte> MemoryPool => loop.Pool;

    // Used only if the loop has a scheduler.
    public PipeScheduler Scheduler => loop.ApplicationScheduler!;

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
            // There is no such feature if the loop has no scheduler.
            if (key == typeof(IConnectionSchedulerFeature) && loop.ApplicationScheduler is null) return null;
            return Array.IndexOf(Own, key) >= 0 ? this : null;
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
