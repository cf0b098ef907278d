using System.Buffers.Text;

namespace SocketIOServer.Cluster;

/// <summary>The settings of a server in a cluster, whichever bus it has.</summary>
public sealed class ClusterOptions
{
    internal const int NodeIdLength = 4;
    private const int MinSecretLength = 16;

    /// <summary>A name for logs and for <c>ISocketServer.Cluster.Nodes</c>. Default: the host's name and the process id, such as "web-1#4711".</summary>
    public string NodeName { get; set; } = $"{Environment.MachineName}#{Environment.ProcessId}";

    /// <summary>
    /// The id of the server, with which the ids of its sessions begin. Set it if a load balancer should send each request directly to the server that has the
    /// session; then it must be different on each server, and stay the same over restarts. Exactly 4 letters, digits, "-" and "_". Default null: random.
    /// </summary>
    public string? NodeId { get; set; }

    /// <summary>
    /// Where the other servers reach this one, such as <c>http://10.0.0.7:8080</c>: a scheme, a host and a port. They forward the requests of clients to it
    /// whose sessions it has. Default null: the address to which the server is bound, if it is one of http and if it is clear which one others can use. An
    /// address of the loopback interface is never taken by itself.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>
    /// The key with which the servers sign the requests that they forward to each other, the same on all servers: at least 16 characters, random ones. Whoever
    /// knows it can send requests as any user. Default null: requests are not forwarded, so the load balancer must send all requests of a session to the
    /// same server.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>
    /// How many requests this server forwards at the same time. A waiting poll and a WebSocket count for as long as they last. Further ones get 503. Default
    /// 10,000.
    /// </summary>
    public int MaxForwarded { get; set; } = 10_000;

    /// <summary>
    /// How long the other servers' answers to <c>FetchSocketsAsync</c>, <c>CountAsync</c>, <c>RoomsAsync</c> and calls of the cluster are waited for. The
    /// answers to a broadcast with acks are waited for as long as its acks. Default 5 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a server tells the others that it is there. Default 2 s.</summary>
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how much silence a server counts as gone. Default 6 s.</summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>The largest message of another server that is read. Default 10 MiB.</summary>
    public int MaxMessageBytes { get; set; } = 10 << 20;

    /// <summary>
    /// How many bytes of other servers' answers are kept at a time, for all questions of this server together. A server whose answer has no room counts as one that did
    /// not answer, and an ack as one that did not come. Default 64 MiB.
    /// </summary>
    public long MaxAnswerBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Publish even while no other server is there. Default false: a server that knows itself alone publishes nothing. Servers of this library are known before they
    /// serve their first client. Servers of Node do not say that they have come, so the first of them may miss what this server emits in its first
    /// <see cref="BeatInterval"/>; set true where that matters.
    /// </summary>
    public bool AlwaysPublish { get; set; }

    /// <summary>
    /// Whether the other servers get the <c>auth</c> object and the headers Cookie and Authorization of a client that they fetch. Default false: credentials
    /// do not travel over the bus.
    /// </summary>
    public bool ShareCredentials { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(NodeName);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BeatInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DeadAfter, BeatInterval);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMessageBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxForwarded);
        if (NodeId is not null && (NodeId.Length != NodeIdLength || !Base64Url.IsValid(NodeId)))
            throw new ArgumentException("NodeId must be 4 characters: letters, digits, \"-\" and \"_\".");
        if (Address is not null && (!Address.IsAbsoluteUri || Address.Scheme is not ("http" or "https") || Address.PathAndQuery != "/" || Address.UserInfo.Length > 0))
            throw new ArgumentException("Address must be a scheme, a host and a port, such as http://10.0.0.7:8080.");
        if (Secret is { Length: < MinSecretLength }) throw new ArgumentException("Secret must have at least 16 characters.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxAnswerBytes);
    }
}
