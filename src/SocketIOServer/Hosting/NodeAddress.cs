using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;

namespace SocketIOServer.Hosting;

/// <summary>Finds out where the other servers of a cluster reach this one, if the program does not say it, and tells them.</summary>
internal static partial class NodeAddress
{
    /// <param name="node">The server.</param>
    /// <param name="bound">The addresses to which the web server is bound.</param>
    /// <param name="logger">Gets one line if requests are not forwarded to this server though they should be, or if the address was derived.</param>
    public static void Announce(ClusterNode node, IEnumerable<string> bound, ILogger logger)
    {
        if (node.Key is null)
        {
            if (node.Address is { } unused) LogNoSecret(logger, unused);
            return;
        }

        if (node.Address is not null) return;
        string[] addresses = [.. bound];
        if (Derive(addresses, OwnAddresses()) is not { } address)
        {
            LogNoAddress(logger, string.Join(", ", addresses));
            return;
        }

        node.Announce(address);
        LogDerived(logger, address);
    }

    /// <summary>Returns the only address that other machines can use. Null if there is none, or if there are several.</summary>
    /// <param name="bound">The addresses to which the web server is bound, such as <c>http://[::]:8080</c>.</param>
    /// <param name="own">The addresses of this machine.</param>
    public static string? Derive(IEnumerable<string> bound, IReadOnlyList<IPAddress> own)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in bound)
        {
            // A wildcard of Kestrel. It is bound to all addresses.
            var readable = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            // A certificate is for a name, which nobody knows here.
            if (!Uri.TryCreate(readable, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || !IPAddress.TryParse(uri.DnsSafeHost, out var address)) continue;
            if (IPAddress.IsLoopback(address)) continue;
            var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
            foreach (var usable in isAny ? own : [address]) found.Add(new UriBuilder(Uri.UriSchemeHttp, usable.ToString(), uri.Port).Uri.GetLeftPart(UriPartial.Authority));
        }

        return found.Count == 1 ? found.First() : null;
    }

    // Of IPv4, because most machines have several addresses of IPv6.
    private static IPAddress[] OwnAddresses()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(static one => one.OperationalStatus == OperationalStatus.Up && one.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                    .SelectMany(static one => one.GetIPProperties().UnicastAddresses)
                    .Select(static one => one.Address)
                    .Where(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)),
            ];
        }
        catch (NetworkInformationException)
        {
            // A system that does not tell.
            return [];
        }
    }

    [LoggerMessage(55, LogLevel.Warning, "ClusterOptions.Address is {Address}, but ClusterOptions.Secret is not set, so servers do not forward requests to each other. Set the same secret on all servers, or let the load balancer send all requests of a session to the same server.")]
    private static partial void LogNoSecret(ILogger logger, string address);

    [LoggerMessage(56, LogLevel.Information, "The other servers of the cluster forward requests to this one at {Address}. ClusterOptions.Address changes that.")]
    private static partial void LogDerived(ILogger logger, string address);

    [LoggerMessage(57, LogLevel.Warning, "ClusterOptions.Secret is set, but the address at which the other servers of the cluster can reach this one is not clear from '{Bound}'. Set ClusterOptions.Address, or they do not forward requests to this server.")]
    private static partial void LogNoAddress(ILogger logger, string bound);
}
