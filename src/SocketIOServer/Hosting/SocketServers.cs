using System.Collections.Immutable;
using Microsoft.AspNetCore.Routing;
using SocketIOServer.Cluster;

namespace SocketIOServer.Hosting;

/// <summary>All servers of a program. The host stops them together.</summary>
internal sealed class SocketServers
{
    private readonly List<(ICollection<EndpointDataSource> Routes, string Path, SocketServer Server)> _paths = [];
    private ImmutableArray<SocketServer> _all = [];
    private volatile bool _isStarted;

    /// <summary>The servers that are in a cluster, as nodes of it.</summary>
    public IEnumerable<ClusterNode> Clusters => _all.Select(static server => server.Options.Cluster).OfType<ClusterNode>();

    public void Add(SocketServer server)
    {
        ImmutableInterlocked.Update(ref _all, static (all, added) => all.Add(added), server);
        // Somebody asked for it after the start: nobody waits for its bus.
        if (_isStarted) _ = server.StartAsync(CancellationToken.None);
    }

    /// <summary>Connects those that are in a cluster. Completes when their buses are alive or have failed once: an outage keeps no host from starting.</summary>
    public Task StartAsync(CancellationToken cancel)
    {
        _isStarted = true;
        return Task.WhenAll(_all.Select(server => server.StartAsync(cancel)));
    }

    /// <summary>A path that is mapped.</summary>
    /// <exception cref="InvalidOperationException">The same server has that path already.</exception>
    public void AddPath(IEndpointRouteBuilder endpoints, string pattern, SocketServer server)
    {
        var path = "/" + pattern.Trim('/');
        lock (_paths)
        {
            // A group has routes of its own.
            if (_paths.Exists(mapped => mapped.Server == server && mapped.Routes == endpoints.DataSources && string.Equals(mapped.Path, path, StringComparison.OrdinalIgnoreCase)))
                throw new InvalidOperationException($"MapSocketIO(\"{path}\") was called before. Declare more handlers on the result of the first call.");
            _paths.Add((endpoints.DataSources, path, server));
        }
    }

    /// <summary>Several servers may have one path only for different hosts. RequireHost may follow MapSocketIO, so this is known when the host starts.</summary>
    /// <exception cref="InvalidOperationException">Two servers have one path and one host, so each request would fail.</exception>
    public void CheckPaths(EndpointDataSource routes)
    {
        // One path cannot be in conflict, and the endpoints of the program are built when they are first read.
        lock (_paths)
        {
            if (_paths.Count < 2) return;
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in routes.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<SocketServer>() is not null))
        {
            var path = endpoint.RoutePattern.RawText!.Replace("/{**rest}", "", StringComparison.Ordinal);
            var hosts = endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts is { Count: > 0 } required ? required : [""];
            foreach (var host in hosts)
            {
                if (taken.Add($"{path} {host}")) continue;
                throw new InvalidOperationException(
                    $"Two Socket.IO servers are mapped to \"{path}\"{(host.Length == 0 ? "" : $" for the host \"{host}\"")}. Give one of them another path, or each a host of its own with RequireHost.");
            }
        }
    }

    /// <summary>Tells the other servers of the clusters where they reach this process, which is known when the web server has started.</summary>
    public void Announce(IEnumerable<string> addresses)
    {
        foreach (var server in _all)
        {
            if (server.Options.Cluster is { } node) NodeAddress.Announce(node, addresses, server.Context.Logger);
        }
    }

    /// <summary>Logs a warning for each server whose clients may need longer than a stop lasts.</summary>
    public void CheckStopTime(TimeSpan limit)
    {
        foreach (var server in _all) server.CheckStopTime(limit);
    }

    /// <summary>Sends clients to other servers of the clusters, where there are any, and completes when that is done. Cancelling ends it without an exception.</summary>
    public Task SendAwayAsync(CancellationToken cancel) => Task.WhenAll(_all.Select(async server =>
    {
        await server.SendAwayAsync(cancel);
        server.Stop();
    }));

    /// <summary>After <see cref="Stop"/>: completes when other servers have taken the sessions of these clients. Cancelling ends the wait without an exception.</summary>
    public Task WhenTakenAsync(CancellationToken cancel) => Task.WhenAll(_all.Select(server => server.WhenTakenAsync(cancel)));

    /// <summary>Closes every session and takes no new ones.</summary>
    public void Stop()
    {
        foreach (var server in _all) server.Stop();
    }

    /// <summary>After <see cref="Stop"/>: completes when every client has been told and the program's code has ended. Cancelling ends the wait without an exception.</summary>
    public Task WhenEndedAsync(CancellationToken cancel) => Task.WhenAll(_all.Select(server => server.WhenEndedAsync(cancel)));

    /// <summary>After <see cref="WhenEndedAsync"/>: completes when the sessions of these clients are in the stores of the clusters that have one. Cancelling ends the wait without an exception.</summary>
    public Task WhenSavedAsync(CancellationToken cancel) => Task.WhenAll(_all.Select(server => server.WhenSavedAsync(cancel)));

    public void RunHooksNow()
    {
        foreach (var server in _all) server.Context.Running.RunHooksNow();
    }

    /// <summary>After <see cref="Abandon"/>: the others no longer count on these.</summary>
    public async Task LeaveClustersAsync()
    {
        foreach (var server in _all)
        {
            if (server.Options.Cluster is { } node) await node.DisposeAsync();
            foreach (var bridge in server.Options.Bridges) await bridge.DisposeAsync();
        }
    }

    public void Abandon()
    {
        foreach (var server in _all) server.Abandon();
    }
}
