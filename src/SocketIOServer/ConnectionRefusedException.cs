namespace SocketIOServer;

/// <summary>OnConnecting throws it to refuse a client. The client gets the message and the data in its <c>connect_error</c>.</summary>
/// <param name="message">The message for the client.</param>
/// <param name="data">The data for the client, written as JSON. Null sends the code "connection_refused" (<see cref="SocketServerOptions.ConnectErrorCodes"/>). Clients 1.x and 2.x get only the data if there is any.</param>
public sealed class ConnectionRefusedException(string message, object? data = null) : Exception(message)
{
    /// <summary>The data for the client.</summary>
    public object? Payload => data;
}
