using System.Collections.Immutable;
using Microsoft.AspNetCore.Routing;

namespace SocketIOServer.Hosting;

/// <summary>The servers that a program uses, the named ones among them. Its host stops them together.</summary>
internal sealed class SocketServers
{
    private readonly List<(ICollection<EndpointDataSource> Routes, string Path)> _paths = [];
    private ImmutableArray<SocketServer> _all = [];

    public void Add(SocketServer server) => ImmutableInterlocked.Update(ref _all, static (all, added) => all.Add(added), server);

    /// <summary>A path that is mapped. Groups have routes of their own, so the same path may stand in several, for different hosts for example.</summary>
    /// <exception cref="InvalidOperationException">The path is mapped already: each request would fail, since two endpoints match it.</exception>
    public void AddPath(ICollection<EndpointDataSource> routes, string pattern)
    {
        var path = "/" + pattern.Trim('/');
        lock (_paths)
        {
            if (_paths.Exists(mapped => mapped.Routes == routes && string.Equals(mapped.Path, path, StringComparison.OrdinalIgnoreCase)))
            {
                throw new InvalidOperationException(
                    $"MapSocketIO(\"{path}\") was called before. Declare more handlers on the result of the first call, or give the second server another path.");
            }

            _paths.Add((routes, path));
        }
    }

    /// <summary>Closes every session and takes no new ones.</summary>
    public void Stop()
    {
        foreach (var server in _all) server.Stop();
    }

    /// <summary>After <see cref="Stop"/>: completes when every client has been told and the program's code has ended. Cancelling ends the wait without an exception.</summary>
    public Task WhenEndedAsync(CancellationToken cancel) => Task.WhenAll(_all.Select(server => server.WhenEndedAsync(cancel)));

    public void RunHooksNow()
    {
        foreach (var server in _all) server.Context.Running.RunHooksNow();
    }

    public void Abandon()
    {
        foreach (var server in _all) server.Abandon();
    }
}
