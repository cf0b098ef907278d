namespace SocketIOServer;

/// <summary>Thrown by an OnConnecting handler: the client is refused, and told the message and the data.</summary>
/// <param name="message">Sent to the client.</param>
/// <param name="data">Sent beside the message, as JSON; null sends the code "connection_refused" (<see cref="SocketServerOptions.ConnectErrorCodes"/>). Clients 1.x and 2.x are given only the data where there is some.</param>
public sealed class ConnectionRefusedException(string message, object? data = null) : Exception(message)
{
    /// <summary>What is sent beside the message.</summary>
    public object? Payload => data;
}
