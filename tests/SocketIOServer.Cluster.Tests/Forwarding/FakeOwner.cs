using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>A member of the cluster that does with forwarded requests what a test wants.</summary>
internal sealed class FakeOwner : IAsyncDisposable
{
    public const string Id = "fake";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(ForwardingServers.Secret);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IClusterBus _bus;
    private readonly string _channel;
    private readonly string _form;

    private FakeOwner(IClusterBus bus, ClusterNode other)
    {
        (_bus, _channel, _form) = (bus, other.Wire.NodesChannel, other.Form);
        _listener.Start();
    }

    /// <summary>A request of one of its sessions.</summary>
    public static string Url => $"/socket.io/?EIO=4&transport=polling&sid={Id}aaaaaaaaaaaaaaaaaaaa";

    private string Address => $"http://{_listener.LocalEndpoint}";

    public static async Task<FakeOwner> JoinAsync(ForwardingServers servers)
    {
        var bus = servers.Medium.Connect();
        await bus.StartAsync(default);
        var owner = new FakeOwner(bus, servers.Node(0));
        owner.Say("hello", Id, 1, owner.Address);
        await Eventually.TrueAsync(() => servers.Node(0).Members.FindOwner(Id + "a") is not null, "the fake member");
        return owner;
    }

    public void Say(string kind, string id, long since, string? address, string sender = "ffffffffffffffff") => _bus.Publish(
        _channel,
        new NodeMessage(kind, sender, id, "fake", _form) { Since = since, Address = address, Seal = address is null ? null : NodeSeal.Of(Key, sender, id, address) }.Write());

    /// <summary>Takes a connection, reads a head, and answers with these bytes.</summary>
    public async Task<(Socket Connection, string Head)> TakeAsync(string answer)
    {
        using var patience = new CancellationTokenSource(TestHost.Patience);
        var socket = await _listener.AcceptSocketAsync(patience.Token);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one, patience.Token) == 1) head.Append((char)one[0]);
        await socket.SendAsync(Encoding.UTF8.GetBytes(answer), patience.Token);
        return (socket, head.ToString());
    }

    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _bus.DisposeAsync();
    }
}
