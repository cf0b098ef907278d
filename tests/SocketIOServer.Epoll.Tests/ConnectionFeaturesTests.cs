using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace SocketIOServer.Epoll.Tests;

public sealed class ConnectionFeaturesTests
{
    [Fact]
    public Task A_connection_is_its_own_features() => WithFeaturesAsync((features, connection) =>
    {
        Assert.Equal(connection.ConnectionId, features.Get<IConnectionIdFeature>()!.ConnectionId);
        Assert.Same(connection.Transport, features.Get<IConnectionTransportFeature>()!.Transport);
        Assert.Same(connection.Items, features.Get<IConnectionItemsFeature>()!.Items);
        Assert.Equal(connection.ConnectionClosed, features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed);
        Assert.Same(connection.RemoteEndPoint, features.Get<IConnectionEndPointFeature>()!.RemoteEndPoint);
        Assert.Same(connection.LocalEndPoint, features.Get<IConnectionEndPointFeature>()!.LocalEndPoint);
        using var rented = features.Get<IMemoryPoolFeature>()!.MemoryPool.Rent();
        Assert.NotEqual(0, rented.Memory.Length);
    });

    [Fact]
    public Task What_is_set_there_is_the_connections() => WithFeaturesAsync((features, connection) =>
    {
        var items = new Dictionary<object, object?>();
        features.Get<IConnectionIdFeature>()!.ConnectionId = "mine";
        features.Get<IConnectionItemsFeature>()!.Items = items;

        Assert.Equal("mine", connection.ConnectionId);
        Assert.Same(items, connection.Items);
    });

    [Fact]
    public Task Others_are_set_replaced_and_removed() => WithFeaturesAsync((features, _) =>
    {
        Assert.Null(features.Get<Uri>());
        var keys = new[] { typeof(string), typeof(Uri), typeof(Version), typeof(Random), typeof(object), typeof(Type) };
        foreach (var key in keys) features[key] = key.Name;
        foreach (var key in keys) Assert.Equal(key.Name, features[key]);

        features[typeof(Uri)] = "another";
        features[typeof(Version)] = null;

        Assert.Equal("another", features[typeof(Uri)]);
        Assert.Null(features[typeof(Version)]);
        Assert.Equal("Random", features[typeof(Random)]);
    });

    [Fact]
    public Task Its_own_are_replaced_and_removed_too() => WithFeaturesAsync((features, _) =>
    {
        var other = new MemoryPoolFeature();

        features.Set<IMemoryPoolFeature>(other);
        features.Set<IConnectionItemsFeature>(null);

        Assert.Same(other, features.Get<IMemoryPoolFeature>());
        Assert.Null(features.Get<IConnectionItemsFeature>());
    });

    [Fact]
    public Task All_that_are_there_are_enumerated_once() => WithFeaturesAsync((features, _) =>
    {
        var before = features.ToDictionary();
        features.Set(new Uri("http://localhost"));
        features.Set<IMemoryPoolFeature>(new MemoryPoolFeature());
        features.Set<IConnectionItemsFeature>(null);

        var after = features.ToDictionary();

        Assert.Equal(before.Keys.Append(typeof(Uri)).Except([typeof(IConnectionItemsFeature)]).ToHashSet(), after.Keys.ToHashSet());
        Assert.All(after, feature => Assert.Same(features[feature.Key], feature.Value));
    });

    [Fact]
    public Task Every_change_is_another_revision() => WithFeaturesAsync((features, _) =>
    {
        var first = features.Revision;
        features.Set("one");
        var second = features.Revision;
        features.Set<string>(null);

        Assert.False(features.IsReadOnly);
        Assert.Equal([first, first + 1, first + 2], [first, second, features.Revision]);
    });

    private static async Task WithFeaturesAsync(Action<IFeatureCollection, ConnectionContext> check)
    {
        var done = new TaskCompletionSource();
        await using var host = await EpollHost.StartBareAsync(connection =>
        {
            try
            {
                check(connection.Features, connection);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }

            return Task.CompletedTask;
        });
        await using var raw = await host.OpenAsync();

        await done.Task.Soon();
    }

    private sealed class MemoryPoolFeature : IMemoryPoolFeature
    {
        public MemoryPool<byte> MemoryPool => MemoryPool<byte>.Shared;
    }
}
