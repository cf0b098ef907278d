namespace SocketIOServer.Emitter;

/// <summary>The bus of an emitter did not take a message, or may have lost messages. They are not sent again.</summary>
public sealed class EmitterException : IOException
{
    /// <summary>Makes an exception.</summary>
    public EmitterException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What has failed.</param>
    public EmitterException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What has failed.</param>
    /// <param name="innerException">Why.</param>
    public EmitterException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
