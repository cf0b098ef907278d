namespace SocketIOServer.Cluster;

/// <summary>What a bus knows of its connection.</summary>
public enum BusState
{
    /// <summary>The bus has not been connected yet.</summary>
    Connecting,

    /// <summary>A message that this process published to itself came back through its subscription: the process publishes and hears.</summary>
    Alive,

    /// <summary>The connection looks open, but what this process published to itself does not come back. The bus renews its subscriptions.</summary>
    Deaf,

    /// <summary>The connection is lost, and the bus tries to connect again.</summary>
    Down,
}
