using System.Buffers;
using System.Collections;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Epoll;

/// <summary>What Kestrel asks a connection for. The few that others add are a list: a dictionary costs an idle connection more than all else here.</summary>
internal sealed class ConnectionFeatures(EpollConnection connection, MemoryPool<byte> pool)
    : IFeatureCollection, IConnectionIdFeature, IConnectionTransportFeature, IConnectionItemsFeature, IConnectionLifetimeFeature,
    IConnectionEndPointFeature, IMemoryPoolFeature
{
    private (Type Key, object Value)[] _added = [];
    private int _count;

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public MemoryPool<byte> MemoryPool => pool;

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
            for (var i = 0; i < _count; i++)
            {
                if (_added[i].Key == key) return _added[i].Value;
            }

            return key != typeof(IFeatureCollection) && key.IsInstanceOfType(this) ? this : null;
        }

        set
        {
            Revision++;
            var at = Array.FindIndex(_added, 0, _count, a => a.Key == key);
            if (value is null)
            {
                if (at >= 0) _added[at] = _added[--_count];
                return;
            }

            if (at < 0)
            {
                if (_count == _added.Length) Array.Resize(ref _added, _count + 4);
                at = _count++;
            }

            _added[at] = (key, value);
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public void Abort() => connection.Abort();

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        for (var i = 0; i < _count; i++) yield return new(_added[i].Key, _added[i].Value);
        foreach (var type in new[] { typeof(IConnectionIdFeature), typeof(IConnectionTransportFeature), typeof(IConnectionItemsFeature), typeof(IConnectionLifetimeFeature), typeof(IConnectionEndPointFeature), typeof(IMemoryPoolFeature) })
        {
            if (Array.FindIndex(_added, 0, _count, a => a.Key == type) < 0) yield return new(type, this);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
