namespace SocketIOServer;

/// <summary>Thrown by a handler that answers with an error on purpose: the payload is the ack, if the client asked for one, and nothing is logged.</summary>
/// <param name="payload">The one argument of the client's callback, as JSON.</param>
public sealed class AckException(object payload) : Exception("The handler answered with an error.")
{
    /// <summary>What is sent.</summary>
    public object Payload => payload;
}
