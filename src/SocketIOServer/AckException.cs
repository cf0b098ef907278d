namespace SocketIOServer;

/// <summary>A handler throws it to send an error as the ack. Nothing is sent if the client asked for no ack, and nothing is logged.</summary>
/// <param name="payload">The argument of the client's callback. It is written as JSON.</param>
public sealed class AckException(object payload) : Exception("The handler answered with an error.")
{
    /// <summary>The argument of the client's callback.</summary>
    public object Payload => payload;
}
