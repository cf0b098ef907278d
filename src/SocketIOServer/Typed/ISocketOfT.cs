namespace SocketIOServer;

/// <summary>A socket whose client listens to the methods of an interface.</summary>
/// <typeparam name="TClient">See <see cref="EmitterExtensions.As"/>.</typeparam>
public interface ISocket<TClient> : ISocket
    where TClient : class
{
    /// <summary>This client.</summary>
    TClient Client { get; }

    /// <summary>The clients of these rooms but this one.</summary>
    TClient ToClients(params ReadOnlySpan<string> rooms);
}
