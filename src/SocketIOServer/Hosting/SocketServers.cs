using System.Collections.Immutable;

namespace SocketIOServer.Hosting;

/// <summary>The servers that a program uses, the named ones among them. Its host stops them together.</summary>
internal sealed class SocketServers
{
    private ImmutableArray<SocketServer> _all = [];

    public void Add(SocketServer server) => ImmutableInterlocked.Update(ref _all, static (all, added) => all.Add(added), server);

    /// <summary>Closes every session and takes no new ones.</summary>
    public void Stop()
    {
        foreach (var server in _all) server.Stop();
    }

    /// <summary>After <see cref="Stop"/>: completes when every client has been told and the program's code has ended. Cancelling ends the wait without an exception.</summary>
    public Task WhenEndedAsync(CancellationToken cancel) => Task.WhenAll(_all.Select(server => server.WhenEndedAsync(cancel)));

    public void Hurry()
    {
        foreach (var server in _all) server.Running.Hurry();
    }

    public void Abandon()
    {
        foreach (var server in _all) server.Abandon();
    }
}
